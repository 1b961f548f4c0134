using System.Globalization;
using System.Text.Json;

namespace SaeNotebooks.Controls;

/// <summary>
/// Something with which a person chooses a value without running the cell again: see <see cref="Interactive"/>. All kinds take <c>offline</c>:
/// the values that can still be chosen where no kernel answers, in exported pages and slides. Each costs one rendering when the cell runs, and
/// its result lies in the page.
/// </summary>
public abstract class Control
{
    private protected const int Spread = 5, MostListed = 8;

    private protected Control(string name, ControlKind kind)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, Kind) = (name, kind);
    }

    /// <summary>What stands beside it; in the cell's code the parameter usually has the same name.</summary>
    public string Name { get; }

    internal ControlKind Kind { get; }

    /// <summary>Of sliders and number boxes.</summary>
    internal NumberRange? Range { get; private protected init; }

    /// <summary>Whether the notebook says which values a page keeps, and not a default.</summary>
    internal bool NamesOffline { get; private protected init; }

    internal abstract object First { get; }

    /// <summary>The values that a page keeps, the first one among them.</summary>
    internal abstract IReadOnlyList<object> Offline { get; }

    /// <summary>The value that a front end sent.</summary>
    /// <exception cref="ArgumentException">it cannot be chosen; the message is for the person</exception>
    internal abstract object Read(JsonElement sent);

    /// <summary>What the words find, in a search; the whole list, in a choice; nothing elsewhere.</summary>
    internal abstract IReadOnlyList<object> Find(string words);

    internal abstract string TextOf(object value);

    /// <summary>A whole number by dragging.</summary>
    /// <param name="name">what it chooses</param>
    /// <param name="from">the smallest</param>
    /// <param name="to">the largest, included</param>
    /// <param name="start">the first; the smallest by default</param>
    /// <param name="step">between neighbours</param>
    /// <param name="offline">kept in pages; a few from end to end by default</param>
    /// <exception cref="ArgumentException">an empty range, or a value outside of it</exception>
    public static Control<int> Slider(string name, int from, int to, int? start = null, int step = 1, IEnumerable<int>? offline = null) =>
        Whole(ControlKind.Slider, name, new(from, to, step), start ?? from, offline);

    /// <summary>A number by dragging.</summary>
    /// <inheritdoc cref="Slider(string, int, int, int?, int, IEnumerable{int}?)"/>
    public static Control<double> Slider(string name, double from, double to, double? start = null, double step = 0.1, IEnumerable<double>? offline = null) =>
        Real(ControlKind.Slider, name, new(from, to, step), start ?? from, offline);

    /// <summary>A whole number in a box.</summary>
    /// <inheritdoc cref="Slider(string, int, int, int?, int, IEnumerable{int}?)"/>
    public static Control<int> Number(string name, int from, int to, int? start = null, int step = 1, IEnumerable<int>? offline = null) =>
        Whole(ControlKind.Number, name, new(from, to, step), start ?? from, offline);

    /// <summary>A number in a box.</summary>
    /// <inheritdoc cref="Slider(string, int, int, int?, int, IEnumerable{int}?)"/>
    public static Control<double> Number(string name, double from, double to, double? start = null, double step = 0.1, IEnumerable<double>? offline = null) =>
        Real(ControlKind.Number, name, new(from, to, step), start ?? from, offline);

    /// <summary>One of a few values, from a list.</summary>
    /// <param name="name">what it chooses</param>
    /// <param name="options">the values</param>
    /// <param name="text">how a value is called; its <see cref="object.ToString"/> by default</param>
    /// <param name="offline">kept in pages; the first eight by default</param>
    /// <exception cref="ArgumentException">no options, or an offline value that is none of them</exception>
    public static Control<T> Choice<T>(string name, IEnumerable<T> options, Func<T, string>? text = null, IEnumerable<T>? offline = null) where T : notnull
    {
        T[] all = [.. options];
        if (all.Length == 0) throw new ArgumentException($"'{name}' has no options to choose from.");
        T[] kept = [.. offline ?? all.Take(MostListed)];
        if (kept.Except(all).ToList() is [var odd, ..]) throw new ArgumentException($"'{odd}' is no option of '{name}'.");
        return new(name, ControlKind.Choice, all[0], kept, text) { Searcher = _ => all, OfflineIsNamed = offline is not null };
    }

    /// <summary>One of many values, found by words.</summary>
    /// <param name="name">what it chooses</param>
    /// <param name="find">what words find, best first; the words are empty at first</param>
    /// <param name="start">the first value</param>
    /// <param name="text">how a value is called; its <see cref="object.ToString"/> by default</param>
    /// <param name="offline">kept in pages; the first value alone by default</param>
    public static Control<T> Search<T>(string name, Func<string, IEnumerable<T>> find, T start, Func<T, string>? text = null, IEnumerable<T>? offline = null) where T : notnull =>
        new(name, ControlKind.Search, start, offline ?? [], text) { Searcher = words => [.. find(words)], OfflineIsNamed = offline is not null };

    /// <summary>A line of text.</summary>
    /// <param name="name">what it is</param>
    /// <param name="start">the first text</param>
    /// <param name="offline">kept in pages; the first text alone by default</param>
    public static Control<string> Text(string name, string start, IEnumerable<string>? offline = null) =>
        new(name, ControlKind.Text, start, offline ?? [], null) { Reader = sent => sent.ValueKind == JsonValueKind.String ? sent.GetString()! : "", OfflineIsNamed = offline is not null };

    /// <summary>Yes or no.</summary>
    /// <param name="name">what it says yes to</param>
    /// <param name="start">the first answer</param>
    public static Control<bool> Toggle(string name, bool start = false) =>
        new(name, ControlKind.Toggle, start, [!start], yes => yes ? "yes" : "no") { Reader = sent => sent.ValueKind == JsonValueKind.True };

    private static Control<int> Whole(ControlKind kind, string name, NumberRange range, int start, IEnumerable<int>? offline) =>
        OfNumbers(kind, name, range, start, offline, number => (int)Math.Round(number), number => number.ToString(CultureInfo.InvariantCulture));

    private static Control<double> Real(ControlKind kind, string name, NumberRange range, double start, IEnumerable<double>? offline) =>
        OfNumbers(kind, name, range, start, offline, number => Math.Round(number, 10), number => number.ToString("0.######", CultureInfo.InvariantCulture));

    private static Control<T> OfNumbers<T>(ControlKind kind, string name, NumberRange range, T start, IEnumerable<T>? offline, Func<double, T> from, Func<T, string> text)
        where T : struct, IConvertible
    {
        if (!(range.From <= range.To) || !(range.Step > 0)) throw new ArgumentException($"'{name}' goes from {range.From} to {range.To} in steps of {range.Step}, so there is nothing to choose.");
        T Within(T value) => range.Holds(value.ToDouble(null)) ? value : throw new ArgumentException($"'{name}' goes from {text(from(range.From))} to {text(from(range.To))}, so it cannot be {text(value)}.");
        return new(name, kind, Within(start), offline?.Select(Within) ?? range.Spread(Spread).Select(from), text)
        {
            Range = range, OfflineIsNamed = offline is not null, IsOrdered = true,
            Reader = sent => Within(from(sent.ValueKind == JsonValueKind.Number ? sent.GetDouble() : double.NaN)),
        };
    }
}
