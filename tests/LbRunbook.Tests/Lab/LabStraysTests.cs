using LbRunbook.Lab;
using Xunit;

namespace LbRunbook.Tests.Lab;

public sealed class LabStraysTests
{
    [Theory]
    [InlineData("lb1-br", 1)]
    [InlineData("lb17-lb2", 17)]
    [InlineData("lb250-web12", 250)]
    [InlineData("lb3-client", 3)]
    public void IndexIn_ANameThatLabsGive_IsItsIndex(string name, int index) => Assert.Equal(index, LabStrays.IndexIn(name));

    /// <summary>Whatever matches is deleted, so that somebody's own bridge must not.</summary>
    [Theory]
    [InlineData("lb1")]
    [InlineData("lb1-")]
    [InlineData("lb0-br")]
    [InlineData("lb251-br")]
    [InlineData("lb1-bridge")]
    [InlineData("lb1-db1")]
    [InlineData("xlb1-br")]
    [InlineData("lb1-br0")]
    [InlineData("lb1-lb2\n")]
    public void IndexIn_SomebodyElsesName_IsNone(string name) => Assert.Null(LabStrays.IndexIn(name));
}
