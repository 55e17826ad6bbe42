using LbRunbook.Lab;
using Xunit;

namespace LbRunbook.Tests.Lab;

public sealed class LabNamesTests
{
    private const int LongestInterfaceName = 15;

    [Fact]
    public void ObjectOf_LargestLab_FitsAnInterfaceNameAndNoAddressTwice()
    {
        var addresses = new LabAddresses(LabRegistry.LastIndex);
        var hosts = new LabPlan("lab", 9, 20, "haproxy").Hosts();

        Assert.All(hosts, h => Assert.InRange(addresses.ObjectOf(h.Name).Length, 1, LongestInterfaceName));
        Assert.Equal(hosts.Count, hosts.Select(h => h.Number).Append(LabAddresses.Machine).Append(LabAddresses.Vip).Distinct().Count() - 2);
        Assert.All(hosts, h => Assert.Equal(LabRegistry.LastIndex, LabStrays.IndexIn(addresses.ObjectOf(h.Name))));
    }
}
