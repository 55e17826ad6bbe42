using LbRunbook.Engine.Journal;

namespace LbRunbook.SystemTests.Support;

/// <summary>Where an lbctl that is started from here keeps its state.</summary>
internal static class OwnState
{
    public static StatePaths Paths { get; } = StatePaths.Of(
        Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
}
