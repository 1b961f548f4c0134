using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>The results that a page keeps, for every combination of its controls' offline values.</summary>
/// <param name="Values">of each control; a control that is held has its first value alone</param>
/// <param name="Start">the place of each control's first value</param>
/// <param name="Results">HTML, with the last control's value varying fastest</param>
internal sealed record OfflineChoices(IReadOnlyList<IReadOnlyList<object>> Values, IReadOnlyList<int> Start, IReadOnlyList<string> Results)
{
    /// <summary>More would make a cell slow and a page heavy.</summary>
    public const int Most = 60;

    /// <summary>Renders them all.</summary>
    /// <param name="controls">the controls; where all combinations would be too many, those that name no offline values are held, the last ones first</param>
    /// <param name="render">makes a result of one value each</param>
    /// <param name="first">the result of the first values, which is there already</param>
    /// <exception cref="ArgumentException">the offline values that the controls name are too many together</exception>
    public static OfflineChoices Render(IReadOnlyList<Control> controls, Func<object[], CancellationToken, IDisplayable> render, IDisplayable first)
    {
        var values = Held(controls);
        int[] start = [.. values.Select((v, at) => v.ToList().IndexOf(controls[at].First))];
        var all = Combinations(values).ToList();
        using var progress = Progress.Start(new ProgressState("Preparing the choices that work without a kernel", "results", all.Count, 0) { IsPassing = true });
        var results = new List<string>(all.Count);
        foreach (var places in all)
        {
            progress.Cancellation.ThrowIfCancellationRequested();
            results.Add(places.SequenceEqual(start) ? first.ToHtml() : Html(render, [.. places.Select((place, at) => values[at][place])], progress.Cancellation));
            progress.Report(results.Count);
        }
        return new(values, start, results);
    }

    private static IReadOnlyList<object>[] Held(IReadOnlyList<Control> controls)
    {
        IReadOnlyList<object>[] values = [.. controls.Select(c => c.Offline)];
        for (var at = controls.Count - 1; at >= 0 && Count(values) > Most; at--)
            if (!controls[at].NamesOffline) values[at] = [controls[at].First];
        return Count(values) <= Most ? values : throw new ArgumentException($"The offline values make {Count(values)} combinations ({string.Join(" × ", values.Select(v => v.Count))}), and a page keeps at most {Most}: name fewer.");
    }

    private static long Count(IReadOnlyList<object>[] values) => values.Aggregate(1L, (product, v) => product * v.Count);

    private static IEnumerable<int[]> Combinations(IReadOnlyList<object>[] values) =>
        values.Aggregate(Enumerable.Repeat(Array.Empty<int>(), 1), (before, next) => before.SelectMany(places => Enumerable.Range(0, next.Count).Select(place => (int[])[.. places, place])));

    /// <summary>Where one value fails, a person who chooses it in the page reads why, as in the notebook.</summary>
    private static string Html(Func<object[], CancellationToken, IDisplayable> render, object[] values, CancellationToken cancellation)
    {
        try { return render(values, cancellation).ToHtml(); }
        catch (Exception e) when (e is not OperationCanceledException) { return $"<div>{Display.Html.Encode(LiveSession.OneLine(e))}</div>"; }
    }
}
