using System.Diagnostics;
using SaeNotebooks.Display;

namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>A value in the output of a notebook's cell that is drawn anew while it changes; nothing outside of a notebook.</summary>
internal sealed class LiveDisplay
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly object _value;
    private readonly NotebookHost? _host;
    private readonly TimeSpan _between;
    private Action<object>? _update;

    private LiveDisplay(object value, NotebookHost? host, TimeSpan between) => (_value, _host, _between) = (value, host, between);

    /// <param name="value">what is shown</param>
    /// <param name="between">least time between two drawings; 2 seconds by default</param>
    public static LiveDisplay Start(object value, TimeSpan? between = null) => new(value, NotebookHost.Current, between ?? Usual);

    /// <summary>Draws it, if it is some time ago that it was drawn.</summary>
    public void Refresh()
    {
        if (_host is null || _since.Elapsed < _between) return;
        Draw();
        _since.Restart();
    }

    /// <summary>Draws it as it is in the end, if it was ever drawn.</summary>
    public void Finish()
    {
        if (_update is not null) Draw();
    }

    private void Draw()
    {
        if (_update is null) _update = _host!.Display(_value);
        else _update(_value);
    }
}
