using System.Net.Sockets;
using LbRunbook.Adapters.Ssh;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

/// <summary>The runtime directory of shared connections does not grow.</summary>
public sealed class RuntimeLeftoversTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lbctl-left-");
    private readonly List<Socket> _sockets = [];

    public RuntimeLeftoversTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "connections are not shared there");

    public void Dispose()
    {
        _sockets.ForEach(s => s.Dispose());
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void Remove_WhatNoConnectionNeedsAnyMore_IsGone()
    {
        foreach (var name in (string[])["m-1.log", "m-1.lock", "m-2.log", "m-2.lock", "m-2.AbCdEfGhIjKlMnOp"])
            Touch(name);
        Bind("m-2").Dispose();
        Bind("f-3").Dispose();
        Remove(after: TimeSpan.FromHours(1));
        Assert.Empty(Names());
    }

    [Fact]
    public void Remove_WhatLivesIsYoungOrIsNotOurs_Stays()
    {
        foreach (var name in (string[])["m-1.log", "m-1.lock", "m-2.log", "m-2.lock", "labs", "x"])
            Touch(name);
        Bind("m-1");
        Bind("f-3");
        // Somebody is about to make this connection anew.
        using var held = new FileStream(Path.Combine(_directory.FullName, "m-2.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var before = Names();
        Remove(after: TimeSpan.FromHours(1));
        Assert.Equal(before, Names());
        held.Dispose();
        Remove(after: TimeSpan.FromMinutes(5));
        Assert.Equal(before, Names());
        Remove(after: TimeSpan.FromHours(1));
        Assert.Equal(before.Where(n => !n.StartsWith("m-2", StringComparison.Ordinal)), Names());
    }

    private void Remove(TimeSpan after) => RuntimeLeftovers.Remove(_directory.FullName, DateTime.UtcNow + after);

    private List<string> Names() => [.. _directory.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal)];

    private void Touch(string name) => File.WriteAllText(Path.Combine(_directory.FullName, name), "");

    /// <summary>.NET takes the name of a socket away when it is closed; a killed process does not.</summary>
    private Socket Bind(string name)
    {
        var path = Path.Combine(_directory.FullName, name);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path + "-"));
        socket.Listen();
        File.Move(path + "-", path);
        _sockets.Add(socket);
        return socket;
    }
}
