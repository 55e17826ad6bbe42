namespace LbRunbook.Core.Model;

/// <summary>Which program logs in to a host.</summary>
public enum SshClientKind
{
    /// <summary>The built-in one on Windows and where there is no ssh; OpenSSH everywhere else, and where a host needs it.</summary>
    Auto,
    OpenSsh,
    BuiltIn,
}
