using LbRunbook.Cli.Output;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary><c>--explain CODE</c>: the diagnosis table, one row of it.</summary>
internal static class ExplainView
{
    private const int Width = 78;

    public static int Write(string code, TextWriter output)
    {
        var names = Enum.GetNames<DiagnosisCode>();
        if (names.FirstOrDefault(n => n.Equals(code, StringComparison.OrdinalIgnoreCase)) is not { } name)
        {
            var nearest = Nearest.To(code, names);
            throw new OperatorException(ExitCode.Usage,
                $"there is no diagnosis code {PlainText.Clean(code)}; the codes are {string.Join(", ", names)}",
                $"lbctl assess --explain {nearest ?? names[0]}");
        }
        var entry = DiagnosisTable.Of(Enum.Parse<DiagnosisCode>(name));
        output.WriteLine($"{entry.Code} (usually {SeverityWords.OfFinding(entry.Severity)})");
        foreach (var line in PlainText.Wrap(entry.Meaning, Width))
            output.WriteLine($"  {line}");
        output.WriteLine($"Next: {entry.Next}");
        return ExitCode.Done;
    }
}
