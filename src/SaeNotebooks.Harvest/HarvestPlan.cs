using SaeNotebooks.Models;

namespace SaeNotebooks.Harvest;

/// <summary>What decides the numbers of a harvest besides model, SAEs and corpus. All shards of an index have the same.</summary>
public sealed record HarvestPlan
{
    /// <summary>Which tokens count, as in training and evaluation.</summary>
    public TokenPolicy Policy { get; init; } = TokenPolicy.Default;

    /// <summary>Documents that are batched together, saved together and go to one shard: a batch never depends on how the work is divided.</summary>
    public int DocumentsPerBlock { get; init; } = 64;

    /// <summary>Tokens, padding included, of one forward pass; bounds the memory.</summary>
    public int TokensPerPass { get; init; } = 4096;

    /// <summary>Tokens that the model reads at once; longer documents are read in pieces, each of which begins with BOS. The model's context by default.</summary>
    public int? Length { get; init; }

    /// <summary>Reads no more documents than these; all by default.</summary>
    public long? Documents { get; init; }

    /// <summary>Nearest latents, latents that fire together, and top and bottom output tokens that are stored for each latent.</summary>
    public int Facts { get; init; } = 12;

    internal string Identity => $"{DocumentsPerBlock} documents per block, {TokensPerPass} tokens per pass, pieces of {Length?.ToString() ?? "the context"}, " +
        $"{(Documents is { } most ? $"{most} documents" : "all documents")}, {Facts} facts per latent";
}

/// <summary>One of several runs that share the work.</summary>
/// <param name="Number">from 0</param>
/// <param name="Of">how many</param>
public readonly record struct Shard(int Number, int Of)
{
    /// <summary>The whole work.</summary>
    public static Shard All { get; } = new(0, 1);

    /// <summary>Reads <c>2/7</c>: the third of seven.</summary>
    /// <exception cref="FormatException">not so written, or no such shard</exception>
    public static Shard Parse(string text) =>
        text.Split('/') is [var number, var of] && int.TryParse(number, out var i) && int.TryParse(of, out var n) && i >= 0 && i < n ? new(i, n)
            : throw new FormatException($"'{text}' is no shard; write i/n with i from 0 to n − 1, for example 0/4 to 3/4.");

    /// <summary>Whether a block is this shard's.</summary>
    public bool Has(long block) => block % Of == Number;

    /// <inheritdoc/>
    public override string ToString() => $"{Number}/{Of}";
}
