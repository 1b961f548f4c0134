using System.Globalization;

namespace SaeNotebooks.Hooks;

/// <summary>A named point in a model, for example <c>blocks.4.hook_resid_post</c>. Made by <see cref="Hook"/> or parsed from
/// TransformerLens's name.</summary>
public readonly record struct HookName : IComparable<HookName>
{
    internal HookName(HookPoint point, int layer = 0)
    {
        if (layer < 0) throw new ArgumentOutOfRangeException(nameof(layer), layer, "Layers are counted from 0.");
        (Point, Layer) = (point, point.IsInBlock() ? layer : 0);
    }

    /// <summary>What kind of hook it is.</summary>
    public HookPoint Point { get; }

    /// <summary>The block that it lies in; 0 for the points outside the blocks.</summary>
    public int Layer { get; }

    /// <summary>Whether it lies in a block, so that <see cref="Layer"/> means something.</summary>
    public bool IsInBlock => Point.IsInBlock();

    /// <summary>The dimensions of the activation there, for example "[batch, pos, d_model]".</summary>
    public string Shape => Point.Shape();

    /// <summary>Parses a TransformerLens name.</summary>
    /// <exception cref="FormatException">no such hook; the message names the nearest ones</exception>
    public static HookName Parse(string text) => TryParse(text, out var name) ? name
        : throw new FormatException($"'{text}' is no hook of this workbench; did you mean {string.Join(" or ", Nearest(text))}?");

    /// <summary>Parses a TransformerLens name; false if there is no such hook.</summary>
    public static bool TryParse(string? text, out HookName name)
    {
        name = default;
        if (text is null) return false;
        var (suffix, layer) = SplitLayer(text);
        foreach (var point in HookPoints.All)
        {
            if (point.Suffix() != suffix || point.IsInBlock() != layer.HasValue) continue;
            name = new HookName(point, layer ?? 0);
            return true;
        }
        return false;
    }

    /// <summary>Lets a TransformerLens name stand wherever a hook is asked for.</summary>
    /// <exception cref="FormatException">no such hook; the message names the nearest ones</exception>
    public static implicit operator HookName(string text) => Parse(text);

    /// <summary>The TransformerLens name.</summary>
    public override string ToString() =>
        IsInBlock ? string.Create(CultureInfo.InvariantCulture, $"blocks.{Layer}.{Point.Suffix()}") : Point.Suffix();

    /// <summary>In the order of evaluation.</summary>
    public int CompareTo(HookName other) => SortKey.CompareTo(other.SortKey);

    private (int Stage, int Layer, HookPoint Point) SortKey => (IsInBlock ? 1 : Point <= HookPoint.PosEmbed ? 0 : 2, Layer, Point);

    private static (string Suffix, int? Layer) SplitLayer(string text)
    {
        var parts = text.Split('.', 3);
        return parts is ["blocks", var number, var rest]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            ? (rest, layer) : (text, null);
    }

    private static IEnumerable<string> Nearest(string text)
    {
        var layer = SplitLayer(text).Layer ?? 0;
        return HookPoints.All.Select(point => new HookName(point, layer).ToString())
            .OrderBy(name => EditDistance.Between(name, text)).Take(3).Select(name => $"'{name}'");
    }
}
