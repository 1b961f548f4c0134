using SaeNotebooks.Hooks;

namespace SaeNotebooks.Display;

/// <summary>Hooks as a table, those of one kind in one row.</summary>
internal static class HookTable
{
    public static DataTable Of(IEnumerable<HookName> hooks) => Show.Table(["hook", "shape", "how many"],
        hooks.Order().GroupBy(h => h.Point).Select(kind => (IReadOnlyList<object?>)[Name([.. kind]), kind.First().Shape, kind.Count()]));

    /// <summary>For example <c>blocks.{0–7}.hook_resid_post</c>.</summary>
    private static string Name(HookName[] kind) => kind.Length == 1 ? kind[0].ToString()
        : kind[0].ToString().Replace($"blocks.{kind[0].Layer}.", $"blocks.{{{Layers([.. kind.Select(h => h.Layer)])}}}.", StringComparison.Ordinal);

    private static string Layers(int[] layers) => layers[^1] - layers[0] == layers.Length - 1 ? $"{layers[0]}–{layers[^1]}" : string.Join(", ", layers);
}
