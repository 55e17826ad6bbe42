namespace LbRunbook.Engine.Runs;

/// <summary>How a run is told to stop. First time: nothing new starts, the run's policy applies.</summary>
internal interface IInterruption
{
    CancellationToken Token { get; }

    /// <summary>130 or 143 where a signal did it; null = none came.</summary>
    int? ExitCode { get; }

    /// <summary>Told at once of what the interruption does; set by the run.</summary>
    Action<string> Say { set; }

    /// <summary>From here to the end of what is returned something may be half done.</summary>
    /// <param name="lastWords">For whoever leaves at once in the middle: the run and the command that goes on from here.</param>
    IDisposable InTheMiddle(string lastWords);
}
