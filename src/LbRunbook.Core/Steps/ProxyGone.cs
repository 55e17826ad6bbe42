using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Tells a proxy that was stopped from one that cannot be asked. A run that was cut off after its last step, the stop of the old
/// proxy, is gone on with from the first step: what asks the old proxy for something then finds nobody, and nothing to do.
/// </summary>
internal static class ProxyGone
{
    /// <returns>null = its service does not run.</returns>
    /// <exception cref="AdapterException">It could not be asked, and is not known to be stopped.</exception>
    public static async Task<T?> ReadAsync<T>(
        StepContext context, string name, Func<CancellationToken, Task<T>> read, CancellationToken cancellation) where T : class
    {
        try
        {
            return await read(cancellation);
        }
        catch (AdapterException)
        {
            // Looked at only now, so that the common case costs nothing.
            if (await context.Ports.Services.ReadAsync(context.Fleet.Node(name), cancellation) is ServiceState { Active: false })
                return null;
            throw;
        }
    }

    public static string Sentence(StepContext context, string name) => $"{context.Fleet.Node(name).ProxyName} on {name} does not run";
}
