using System.Runtime.CompilerServices;

namespace LbRunbook.TestKit;

/// <summary>Files of the repository that tests check, such as <c>config/lbctl.example.yaml</c>.</summary>
internal static class RepositoryFiles
{
    public static string Path(string relative) => System.IO.Path.Combine(Root(), relative);

    public static string Text(string relative) => File.ReadAllText(Path(relative));

    private static string Root([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", ".."));
}
