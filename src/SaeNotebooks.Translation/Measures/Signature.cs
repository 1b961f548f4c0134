namespace SaeNotebooks.Translation.Measures;

/// <summary>sacreBLEU's signatures: what a score depends on, in one line, to be printed beside it.</summary>
public static class Signature
{
    /// <summary>The version of sacreBLEU whose definitions the measures follow.</summary>
    public const string Version = "2.0.0";

    /// <summary>Joins settings as sacreBLEU does: <c>nrefs:1|case:mixed|…|version:2.0.0</c>.</summary>
    /// <param name="references">how many references each segment has, <c>1</c> or <c>var</c></param>
    /// <param name="settings">names and values in sacreBLEU's order</param>
    internal static string Of(string references, params (string Name, object Value)[] settings) => string.Join('|',
        [$"nrefs:{references}", .. settings.Select(s => $"{s.Name}:{(s.Value is bool yes ? yes ? "yes" : "no" : s.Value)}"), $"version:{Version}"]);
}
