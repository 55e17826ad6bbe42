using System.Text.Json;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Diagnosis;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>One document on one line: <c>jq</c> makes it pretty, <c>--watch</c> makes it JSON Lines.</summary>
internal sealed class JsonAssessView(NextCommand next) : IAssessView
{
    public void Write(Assessment assessment, TextWriter output) =>
        output.WriteLine(JsonSerializer.Serialize(AssessmentDocuments.Of(assessment, next), AssessmentJson.Default.AssessmentDocument));
}
