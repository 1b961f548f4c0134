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
    private readonly IReadOnlyList<int>? _promptLengths; // null: all of each row
    private readonly int? _total;
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

    private TokenBatch(IReadOnlyList<IReadOnlyList<int>> prompts, Padding padding, int width, IReadOnlyList<int>? promptLengths)
    {
        (Prompts, Padding, Width) = (prompts, padding, width);
        _promptLengths = promptLengths;
    }

    /// <summary>Prompts that are each followed by a given answer. The answer's tokens count as generated ones do, so that an edit reaches
    /// the same tokens as when the model writes the answer itself: teacher forcing.</summary>
    /// <param name="prompts">at least one prompt of at least one token each</param>
    /// <param name="answers">one for each prompt; may be empty</param>
    /// <exception cref="ArgumentException">there are not as many answers as prompts, or a prompt is empty</exception>
    public static TokenBatch WithAnswers(IReadOnlyList<IReadOnlyList<int>> prompts, IReadOnlyList<IReadOnlyList<int>> answers)
    {
        if (prompts.Count != answers.Count) throw new ArgumentException($"There are {prompts.Count} prompts and {answers.Count} answers; give one answer for each prompt.");
        var plain = new TokenBatch(prompts); // checks them
        IReadOnlyList<int>[] rows = [.. prompts.Zip(answers, (p, a) => (IReadOnlyList<int>)[.. p, .. a])];
        return new(rows, plain.Padding, rows.Max(r => r.Count), [.. prompts.Select(p => p.Count)]);
    }

    /// <summary>The prompts without padding, and with their answers where these are given.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Prompts { get; }

    /// <summary>Which side is filled up.</summary>
    public Padding Padding { get; }

    /// <summary>How many of a row's tokens are the prompt; those after them are a given answer.</summary>
    public int PromptLength(int row) => _promptLengths?[row] ?? Prompts[row].Count;

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

    /// <summary>For example "3 prompts of 5 to 9 tokens, padded on the right".</summary>
    public override string ToString()
    {
        var (shortest, longest) = (Prompts.Min(p => p.Count), Prompts.Max(p => p.Count));
        return (Prompts.Count == 1 ? $"one prompt of {longest} token" : $"{Prompts.Count} prompts of {(shortest == longest ? $"{longest}" : $"{shortest} to {longest}")} token")
            + (longest == 1 ? "" : "s") + (IsPadded ? $", padded on the {Padding.ToString().ToLowerInvariant()}" : "");
    }

    /// <summary>Some of the prompts, in the columns where they are.</summary>
    internal TokenBatch Keep(IReadOnlyList<int> rows) =>
        new([.. rows.Select(row => Prompts[row])], Padding, Width, _promptLengths is null ? null : [.. rows.Select(PromptLength)])
            { Rearranged = Rearranged is null ? rows : [.. rows.Select(row => Rearranged[row])], Total = Total };

    /// <summary>The same prompts, so many times one after the other.</summary>
    internal TokenBatch Repeat(int times)
    {
        IEnumerable<T> Times<T>(IReadOnlyList<T> list) => Enumerable.Repeat(list, times).SelectMany(x => x);
        return new([.. Times(Prompts)], Padding, Width, _promptLengths is null ? null : [.. Times(_promptLengths)]);
    }

    /// <summary>The batch as it is if it has at most so many tokens with padding; else divided into batches of similar length, which have at most so
    /// many unless one prompt alone has more.</summary>
    internal IEnumerable<TokenBatch> Split(int tokens)
    {
        if ((long)Prompts.Count * Width <= tokens)
        {
            yield return this;
            yield break;
        }
        var order = Enumerable.Range(0, Prompts.Count).OrderBy(row => Prompts[row].Count).ToArray();
        for (var at = 0; at < order.Length;)
        {
            var count = 1;
            while (at + count < order.Length && (count + 1L) * Prompts[order[at + count]].Count <= tokens) count++;
            var rows = order[at..(at += count)];
            yield return new([.. rows.Select(row => Prompts[row])], _promptLengths is null ? Padding.Left : Padding, Prompts[rows[^1]].Count,
                _promptLengths is null ? null : [.. rows.Select(PromptLength)]) { Rearranged = rows, Total = Prompts.Count };
        }
    }

    /// <summary>Where each prompt stands in the list that the caller gave, if that was divided into batches by us; null if the caller
    /// made this batch.</summary>
    internal IReadOnlyList<int>? Rearranged { get; init; }

    /// <summary>How many prompts there are in the list that the caller gave.</summary>
    internal int Total { get => _total ?? Prompts.Count; init => _total = value; }

    /// <summary>Whether all prompts end in the last column, without answers after them.</summary>
    internal bool EndsTogether => Enumerable.Range(0, Prompts.Count).All(row => Start(row) + PromptLength(row) == Width);

    /// <summary>For each row, the index of its prompt in the list that the caller gave.</summary>
    internal IReadOnlyList<int> Indices => Rearranged ?? [.. Enumerable.Range(0, Prompts.Count)];

    /// <summary>Where the token in a column stands in its prompt; columns beyond <see cref="Width"/> are generated; null for
    /// padding.</summary>
    /// <param name="row">which prompt</param>
    /// <param name="column">which column</param>
    /// <param name="bos">the model's BOS token</param>
    /// <param name="end">the column after the last one of the pass</param>
    internal TokenPlace? Place(int row, int column, int? bos, int end)
    {
        var prompt = Prompts[row];
        var index = column - Start(row);
        if (index < 0 || (index >= prompt.Count && column < Width)) return null;
        return new TokenPlace(index, PromptLength(row), index == 0 && prompt[0] == bos, column == (end > Width ? end - 1 : Last(row)));
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
