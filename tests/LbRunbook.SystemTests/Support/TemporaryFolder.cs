namespace LbRunbook.SystemTests.Support;

/// <summary>Short path on purpose: a UNIX socket's path must fit in 108 bytes, with HAProxy's temporary suffix.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lbctl-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
