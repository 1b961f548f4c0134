using System.Reflection;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Display;

/// <summary>Things to look at in a notebook; each call gives a value that displays itself as the last value of a cell.</summary>
public static class Show
{
    /// <summary>Tokens coloured by a value each, for example a latent's activation or a logit attribution.</summary>
    /// <param name="tokens">the texts of the tokens, <c>[pos]</c></param>
    /// <param name="values">one value for each, <c>[pos]</c></param>
    /// <param name="scale">amounts (the default), or differences around 0</param>
    /// <exception cref="ArgumentException">there are not as many values as tokens</exception>
    public static TokenStrip Tokens(IEnumerable<string> tokens, Values values, Scale scale = Scale.Sequential)
    {
        string[] texts = [.. tokens];
        return texts.Length == values.Count ? new(texts, values, scale)
            : throw new ArgumentException($"There are {texts.Length} tokens and {values.Count} values; give one value for each token.");
    }

    /// <summary>A table of records, one row each, with their public properties as columns.</summary>
    public static DataTable Table<T>(IEnumerable<T> rows)
    {
        PropertyInfo[] properties = [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0)];
        if (properties.Length == 0 || typeof(T) == typeof(string) || typeof(T).IsPrimitive)
            return new(["value"], [.. rows.Select(r => (IReadOnlyList<object?>)[r])]);
        return new([.. properties.Select(p => p.Name)], [.. rows.Select(r => (IReadOnlyList<object?>)[.. properties.Select(p => p.GetValue(r))])]);
    }

    /// <summary>A table of cells under headings.</summary>
    /// <exception cref="ArgumentException">a row has not as many cells as there are headings</exception>
    public static DataTable Table(IEnumerable<string> headings, IEnumerable<IReadOnlyList<object?>> rows)
    {
        string[] names = [.. headings];
        IReadOnlyList<object?>[] cells = [.. rows];
        var odd = Array.FindIndex(cells, r => r.Count != names.Length);
        return odd < 0 ? new(names, cells) : throw new ArgumentException($"The table has {names.Length} headings; row {odd} has {cells[odd].Count} cells.");
    }

    /// <summary>Two texts next to each other with differing words marked: <c>Show.SideBySide(("plain", a), ("steered", b))</c>.</summary>
    public static SideBySide SideBySide(LabelledText left, LabelledText right) => new(left, right);

    /// <summary>Two texts next to each other with differing words marked.</summary>
    public static SideBySide SideBySide(string left, string right) => new(new("first", left), new("second", right));
}
