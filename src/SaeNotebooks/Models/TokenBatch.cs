using SaeNotebooks.Hooks;

namespace SaeNotebooks.Models;

/// <summary>On which side shorter prompts of a batch are filled up.</summary>
public enum Padding
{
    /// <summary>After the last token: position and column agree.</summary>
    Right,

    /// <summary>Before the first token: all prompts end in the last column, as generation needs.</summary>
    Left,
}

/// <summary>One or more prompts as token ids, padded to a common width when they run. Immutable. Padding is masked: it changes no
/// result.</summary>
public sealed class TokenBatch
{
    /// <summary>Makes a batch.</summary>
    /// <param name="prompts">at least one prompt of at least one token each</param>
    /// <param name="padding">which side is filled up</param>
    /// <exception cref="ArgumentException">there is no prompt, or one is empty</exception>
    public TokenBatch(IEnumerable<IReadOnlyList<int>> prompts, Padding padding = Padding.Right)
    {
        Prompts = [.. prompts];
        Padding = padding;
        if (Prompts.Count == 0) throw new ArgumentException("There is no prompt to run.", nameof(prompts));
        for (var i = 0; i < Prompts.Count; i++)
            if (Prompts[i].Count == 0) throw new ArgumentException($"Prompt {i} has no tokens.", nameof(prompts));
        Width = Prompts.Max(p => p.Count);
    }

    private TokenBatch(IReadOnlyList<IReadOnlyList<int>> prompts, Padding padding, int width) => (Prompts, Padding, Width) = (prompts, padding, width);

    /// <summary>The prompts without padding.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Prompts { get; }

    /// <summary>Which side is filled up.</summary>
    public Padding Padding { get; }

    /// <summary>Columns: the length of the longest prompt that the batch began with.</summary>
    public int Width { get; }

    /// <summary>Whether any prompt is shorter than the batch.</summary>
    public bool IsPadded => Prompts.Any(p => p.Count < Width);

    /// <summary>A single prompt is a batch.</summary>
    public static implicit operator TokenBatch(int[] ids) => new([ids]);

    /// <summary>Several prompts are a batch, padded on the right.</summary>
    public static implicit operator TokenBatch(int[][] prompts) => new(prompts);

    /// <summary>The column in which a prompt begins.</summary>
    public int Start(int row) => Padding == Padding.Left ? Width - Prompts[row].Count : 0;

    /// <summary>The column of a prompt's last token.</summary>
    public int Last(int row) => Start(row) + Prompts[row].Count - 1;

    /// <summary>Some of the prompts, in the columns where they are.</summary>
    internal TokenBatch Keep(IReadOnlyList<int> rows) =>
        new([.. rows.Select(row => Prompts[row])], Padding, Width) { Rearranged = Rearranged is null ? rows : [.. rows.Select(row => Rearranged[row])] };

    /// <summary>Where each prompt stands in the list that the caller gave, if that was divided into batches by us; null if the caller
    /// made this batch.</summary>
    internal IReadOnlyList<int>? Rearranged { get; init; }

    /// <summary>Where the token in a column stands in its prompt; columns beyond <see cref="Width"/> are generated; null for
    /// padding.</summary>
    internal TokenPlace? Place(int row, int column, int? bos)
    {
        var prompt = Prompts[row];
        var index = column - Start(row);
        if (index < 0 || (index >= prompt.Count && column < Width)) return null;
        return new TokenPlace(index, prompt.Count, index == 0 && prompt[0] == bos);
    }

    /// <summary>[batch · width] ids, padding filled with 0, which every vocabulary has.</summary>
    internal long[] PaddedIds()
    {
        var ids = new long[Prompts.Count * Width];
        for (var row = 0; row < Prompts.Count; row++)
            for (var i = 0; i < Prompts[row].Count; i++)
                ids[row * Width + Start(row) + i] = Prompts[row][i];
        return ids;
    }
}
