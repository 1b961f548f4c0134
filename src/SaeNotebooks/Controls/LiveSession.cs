using System.Text.Json;
using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>What a person works the controls with: it passes on what they choose, and shows what comes of it.</summary>
internal interface IControlFace
{
    /// <summary>Shows a result.</summary>
    void Show(IDisplayable result);

    /// <summary>Shows one line beside the controls; empty when there is nothing to say.</summary>
    void Say(string line);
}

/// <summary>Controls and their values, until they are ended.</summary>
/// <param name="controls">the controls</param>
/// <param name="render">makes the result of their values</param>
internal sealed class LiveSession(IReadOnlyList<Control> controls, Action<object[], LiveOutput> render)
{
    private static readonly string Ended = $"Only the newest {LiveSessions.Most} controls of a notebook are kept, and these are older: run the cell again.";
    private readonly LatestOnly _work = new();
    private readonly object[] _values = [.. controls.Select(c => c.First)];
    private readonly IReadOnlyList<object>[] _found = [.. controls.Select(c => c.Find(""))];

    private Action<object[], LiveOutput>? _render = render;

    /// <summary>The controls; none once they are ended.</summary>
    public IReadOnlyList<Control> Controls { get; private set; } = controls;

    /// <summary>The value of a control, as text.</summary>
    public string TextOf(int control) => Controls[control].TextOf(_values[control]);

    /// <summary>The values that a list offers now, as texts.</summary>
    public IReadOnlyList<string> Offered(int control) => [.. _found[control].Select(value => Controls[control].TextOf(value))];

    /// <summary>Lets go of all that the controls and their results are made from. Who works them is told.</summary>
    public void End()
    {
        (_render, Controls) = (null, []);
        Array.Clear(_values);
        Array.Fill(_found, []);
        _work.Post(_ => { }); // what is being drawn is not wanted any more
    }

    /// <summary>Takes a value that a person has chosen.</summary>
    /// <returns>ends when its result is shown, or a newer one is wanted</returns>
    public Task Set(int control, JsonElement value, IControlFace face) => Change(control, () => Controls[control].Read(value), face);

    /// <summary>Takes the choice from a list, by its place in what <see cref="Offered"/> gives; a place that is none, as of nothing chosen, changes nothing.</summary>
    public Task Choose(int control, int place, IControlFace face) =>
        _render is not null && (place < 0 || place >= _found[control].Count) ? Task.CompletedTask : Change(control, () => _found[control][place], face);

    /// <summary>Narrows a list down; the value stays until one is chosen.</summary>
    public void Search(int control, string words, IControlFace face)
    {
        if (_render is null)
        {
            face.Say(Ended);
            return;
        }
        try
        {
            _found[control] = Controls[control].Find(words);
            face.Say(_found[control].Count == 0 ? $"Nothing found for '{words}'." : "");
        }
        catch (Exception e) when (e is not OperationCanceledException) { face.Say(OneLine(e)); }
    }

    private Task Change(int control, Func<object> read, IControlFace face)
    {
        if (_render is not { } render)
        {
            face.Say(Ended);
            return Task.CompletedTask;
        }
        try
        {
            var value = read();
            if (value.Equals(_values[control])) return Task.CompletedTask;
            _values[control] = value;
        }
        catch (ArgumentException e)
        {
            face.Say(e.Message);
            return Task.CompletedTask;
        }
        object[] values = [.. _values];
        return _work.Post(turn => Render(render, values, face, turn));
    }

    private static void Render(Action<object[], LiveOutput> render, object[] values, IControlFace face, LatestOnly.Turn turn)
    {
        try
        {
            render(values, new LiveOutput(shown => turn.Do(() => face.Show(shown)), turn.Cancellation));
            turn.Do(() => face.Say(""));
        }
        catch (OperationCanceledException) when (turn.Cancellation.IsCancellationRequested) { }
        catch (Exception e) { SayUnlessSuperseded(turn, face, OneLine(e)); }
    }

    private static void SayUnlessSuperseded(LatestOnly.Turn turn, IControlFace face, string line)
    {
        try { turn.Do(() => face.Say(line)); }
        catch (OperationCanceledException) { }
    }

    public static string OneLine(Exception error) => $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
}
