using System.Reflection;
using SaeNotebooks.Figures;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

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

    /// <summary>A tensor at a glance: shape, dtype, device, statistics and a small heat map; what a tensor as the value of a cell shows.</summary>
    public static TensorSummary Tensor(Tensor tensor) => TensorSummary.Of(tensor);

    /// <summary>Attention patterns, to be explored head by head and token by token.</summary>
    /// <param name="tokens">the texts of the tokens, <c>[pos]</c></param>
    /// <param name="pattern"><c>[head, query pos, key pos]</c>, or <c>[query pos, key pos]</c> of one head; the caller's</param>
    /// <param name="heads">what the heads are called; "head 0", "head 1", … when absent</param>
    /// <exception cref="ArgumentException">shapes that do not fit each other, or more than two million pairs of tokens, which is more than a page holds well</exception>
    public static AttentionView Attention(IEnumerable<string> tokens, Tensor pattern, IEnumerable<string>? heads = null)
    {
        string[] texts = [.. tokens];
        var shape = pattern.dim() == 2 ? [1, .. pattern.shape] : pattern.shape;
        if (shape is not [> 0 and var count, var queries, var keys] || queries != texts.Length || keys != texts.Length)
            throw new ArgumentException($"The pattern has the shape [{string.Join(", ", pattern.shape)}]; with {texts.Length} tokens [head, {texts.Length}, {texts.Length}] is expected.");
        if (pattern.numel() > 2_000_000) throw new ArgumentException($"{pattern.numel():N0} pairs of tokens are more than a page holds well; show fewer heads or a shorter text.");
        string[] names = [.. heads ?? Enumerable.Range(0, (int)count).Select(h => $"head {h}")];
        return names.Length == count ? new(texts, names, Values.Read(pattern))
            : throw new ArgumentException($"The pattern has {count} heads and was given {names.Length} names; give one for each.");
    }

    /// <summary>Attention patterns of a layer, of a run that captured <c>Hook.Pattern(layer)</c>.</summary>
    /// <param name="run">the run</param>
    /// <param name="layer">from 0</param>
    /// <param name="row">which prompt of the batch</param>
    /// <exception cref="KeyNotFoundException">the run did not capture them</exception>
    public static AttentionView Attention(ModelRun run, int layer, int row = 0)
    {
        using var scope = NewDisposeScope();
        var (start, length) = (run.Batch.Start(row), run.Batch.Prompts[row].Count);
        var pattern = run[Hook.Pattern(layer)][row].narrow(1, start, length).narrow(2, start, length); // [head, query pos, key pos]
        return Attention(run.TokensOf(row).Select(t => t.Text), pattern, Enumerable.Range(0, (int)pattern.shape[0]).Select(h => $"L{layer}H{h}"));
    }
}
