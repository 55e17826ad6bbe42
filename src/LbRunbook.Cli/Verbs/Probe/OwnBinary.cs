using System.Reflection;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Probe;

/// <summary>This program itself, as something that can be copied to another host.</summary>
internal static class OwnBinary
{
    /// <summary>As <c>lbctl --version</c> prints it.</summary>
    public static string Version { get; } =
        typeof(OwnBinary).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Null when it does not run from the published single file: a development build has its parts beside it.</summary>
    public static string? Path { get; } =
        OperatingSystem.IsLinux() && Environment.ProcessPath is { } path
            && !File.Exists(System.IO.Path.Combine(AppContext.BaseDirectory, "lbctl.dll")) ? path : null;
}
