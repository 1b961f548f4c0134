using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>
/// A result below controls, that changes as they are moved, without running the cell again. Of values that come faster than results, the newest alone is
/// worked on. In Jupyter the controls are widgets; where no kernel answers, in exported pages and slides, those values can be chosen that the
/// controls keep (see <see cref="Control"/>).
/// </summary>
/// <example><code>
/// Interactive.Show(latent => Dashboard.Show(index, latent), Control.Slider("latent", 0, index.Width - 1, start: 476));
/// Interactive.Stream((by, output) =>
/// {
///     var text = "";
///     foreach (var token in model.GenerateStream(prompt, edits: Steer.Multiply(sae, 476, by))) output.Show(text += token.Text);
/// }, Control.Slider("by", 0.0, 4.0, start: 1));
/// </code></example>
public static class Interactive
{
    /// <summary>Shows what a function makes of the values chosen.</summary>
    /// <param name="render">makes a figure, dashboard, table, text … of the values; called again for each choice</param>
    /// <param name="control">what chooses the first value; the others likewise</param>
    /// <returns>null where the notebook shows the controls already; elsewhere a value that shows itself</returns>
    /// <exception cref="ArgumentException">two controls of one name, or too many offline values together</exception>
    public static IDisplayable? Show<T>(Func<T, object?> render, Control<T> control) where T : notnull =>
        Open((v, output) => output.Show(render((T)v[0])), control);

    /// <inheritdoc cref="Show{T}(Func{T, object?}, Control{T})"/>
    public static IDisplayable? Show<T1, T2>(Func<T1, T2, object?> render, Control<T1> control, Control<T2> second) where T1 : notnull where T2 : notnull =>
        Open((v, output) => output.Show(render((T1)v[0], (T2)v[1])), control, second);

    /// <inheritdoc cref="Show{T}(Func{T, object?}, Control{T})"/>
    public static IDisplayable? Show<T1, T2, T3>(Func<T1, T2, T3, object?> render, Control<T1> control, Control<T2> second, Control<T3> third)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        Open((v, output) => output.Show(render((T1)v[0], (T2)v[1], (T3)v[2])), control, second, third);

    /// <inheritdoc cref="Show{T}(Func{T, object?}, Control{T})"/>
    public static IDisplayable? Show<T1, T2, T3, T4>(Func<T1, T2, T3, T4, object?> render, Control<T1> control, Control<T2> second, Control<T3> third, Control<T4> fourth)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        Open((v, output) => output.Show(render((T1)v[0], (T2)v[1], (T3)v[2], (T4)v[3])), control, second, third, fourth);

    /// <summary>Shows what an action makes of the values chosen, while it makes it, such as a text token by token.</summary>
    /// <param name="render">shows one value after another, each in place of the one before; ended when a newer value is chosen</param>
    /// <param name="control">what chooses the first value; the others likewise</param>
    /// <inheritdoc cref="Show{T}(Func{T, object?}, Control{T})" path="/returns"/>
    /// <inheritdoc cref="Show{T}(Func{T, object?}, Control{T})" path="/exception"/>
    public static IDisplayable? Stream<T>(Action<T, LiveOutput> render, Control<T> control) where T : notnull =>
        Open((v, output) => render((T)v[0], output), control);

    /// <inheritdoc cref="Stream{T}(Action{T, LiveOutput}, Control{T})"/>
    public static IDisplayable? Stream<T1, T2>(Action<T1, T2, LiveOutput> render, Control<T1> control, Control<T2> second) where T1 : notnull where T2 : notnull =>
        Open((v, output) => render((T1)v[0], (T2)v[1], output), control, second);

    /// <inheritdoc cref="Stream{T}(Action{T, LiveOutput}, Control{T})"/>
    public static IDisplayable? Stream<T1, T2, T3>(Action<T1, T2, T3, LiveOutput> render, Control<T1> control, Control<T2> second, Control<T3> third)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        Open((v, output) => render((T1)v[0], (T2)v[1], (T3)v[2], output), control, second, third);

    private static IDisplayable? Open(Action<object[], LiveOutput> render, params IReadOnlyList<Control> controls)
    {
        if (controls.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two controls have the name '{twice.Key}'; give each its own.");
        IDisplayable Last(object[] values, CancellationToken cancellation) => LastShown(render, values, cancellation);
        var first = Last([.. controls.Select(c => c.First)], NotebookHost.CancellationOr(default)); // fails as the cell does
        var page = new ControlPage(controls, OfflineChoices.Render(controls, Last, first));
        if (NotebookHost.Current is not { } host) return page with { Result = first };
        Display(host, page, first, render);
        return null;
    }

    private static void Display(NotebookHost host, ControlPage page, IDisplayable first, Action<object[], LiveOutput> render)
    {
        var session = new LiveSession(page.Controls, render);
        var widgets = NotebookComm.IsAvailable ? new WidgetFace(session, page.Id) : null;
        if (widgets is null) host.Display(page);
        else host.Display(page with { ModelId = widgets.ModelId }, MimeTypes.Widget, MimeTypes.Html);
        var update = host.Display(new LiveResult(page.Id, first), first.ToSvg() is null ? [MimeTypes.Html] : [MimeTypes.Html, MimeTypes.Svg]);
        if (widgets is null) return;
        PageFace.Offer(page.Id, session);
        widgets.Attach(update);
    }

    private static IDisplayable LastShown(Action<object[], LiveOutput> render, object[] values, CancellationToken cancellation)
    {
        IDisplayable? shown = null;
        render(values, new LiveOutput(value => shown = value, cancellation));
        return shown ?? new LiveOutput.PlainValue("");
    }
}
