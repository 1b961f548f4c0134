using System.Text.Json;

namespace SaeNotebooks.Controls;

/// <summary>A control whose values are of one type; <see cref="Control"/> makes them.</summary>
/// <typeparam name="T">of the values</typeparam>
public sealed class Control<T> : Control where T : notnull
{
    private readonly IReadOnlyList<T> _offline;
    private readonly Func<T, string> _text;

    internal Control(string name, ControlKind kind, T start, IEnumerable<T> offline, Func<T, string>? text) : base(name, kind)
    {
        (Start, _text) = (start, text ?? (value => value.ToString() ?? ""));
        _offline = [.. offline];
    }

    /// <summary>The value before anybody has chosen.</summary>
    public T Start { get; }

    internal bool OfflineIsNamed { init => NamesOffline = value; }

    internal bool IsOrdered { private get; init; }

    internal Func<JsonElement, T>? Reader { private get; init; }

    internal Func<string, IReadOnlyList<T>>? Searcher { private get; init; }

    internal override object First => Start;

    internal override IReadOnlyList<object> Offline
    {
        get
        {
            var all = _offline.Prepend(Start).Distinct();
            return [.. IsOrdered ? all.Order().Cast<object>() : all.Cast<object>()];
        }
    }

    internal override object Read(JsonElement sent) => Reader is { } read ? read(sent) : throw new ArgumentException($"'{Name}' is chosen from a list.");

    internal override IReadOnlyList<object> Find(string words) => Searcher is { } find ? [.. find(words).Cast<object>()] : [];

    internal override string TextOf(object value) => _text((T)value);
}
