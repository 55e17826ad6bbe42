using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>One probe that is under way. When the budget ends, what is not back is named instead of waited for.</summary>
internal sealed class Glance<T>(string name, Task<T> task)
{
    public Task Task => task;

    /// <param name="missing">Gets the name when there is no result.</param>
    public T? Take(ICollection<string> missing)
    {
        if (task.IsCompletedSuccessfully)
            return task.Result;
        missing.Add(task.Exception?.InnerException switch
        {
            AdapterException e => $"{name} ({e.Message})",
            { } e => $"{name} ({e.GetType().Name}: {Printable.Line(e.Message)})",
            null => $"{name} (no answer in time)",
        });
        return default;
    }
}
