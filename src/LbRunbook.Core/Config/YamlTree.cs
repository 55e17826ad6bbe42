using System.Runtime.InteropServices;

namespace LbRunbook.Core.Config;

/// <summary>A place in the file, 1-based.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Position(int Line, int Column)
{
    public static Position Start { get; } = new(1, 1);
}

/// <summary>A YAML value that knows where it stands.</summary>
internal abstract record YamlValue(Position At);

/// <param name="Text">Its text, unescaped.</param>
/// <param name="IsPlain">Written without quotes, so that <c>null</c> and <c>~</c> mean nothing rather than text.</param>
internal sealed record YamlScalar(Position At, string Text, bool IsPlain) : YamlValue(At)
{
    public bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");
}

internal sealed record YamlList(Position At, IReadOnlyList<YamlValue> Items) : YamlValue(At);

/// <summary>Keys are unique here: a second one is reported while reading and left out.</summary>
internal sealed record YamlMap(Position At, IReadOnlyList<YamlEntry> Entries) : YamlValue(At);

internal sealed record YamlEntry(YamlScalar Key, YamlValue Value);

/// <summary>Something that was reported already (an alias, a value nested too deeply); nobody complains about it twice.</summary>
internal sealed record YamlRefused(Position At) : YamlValue(At);
