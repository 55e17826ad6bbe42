using System.Runtime.CompilerServices;

namespace LbRunbook.Tests;

/// <summary>What a real daemon printed once, kept in <c>Recordings/</c> beside the test.</summary>
internal static class Recording
{
    public static string Read(string name, [CallerFilePath] string testSource = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(testSource)!, "Recordings", name)).ReplaceLineEndings("\n");
}
