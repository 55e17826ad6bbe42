using LbRunbook.Core.Diagnosis;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>
/// One assessment to stdout. Siblings: <see cref="HumanAssessView"/>, <see cref="JsonAssessView"/>, <see cref="NagiosAssessView"/>.
/// </summary>
internal interface IAssessView
{
    void Write(Assessment assessment, TextWriter output);
}
