using SaeNotebooks.Display;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes;

/// <summary>
/// The active latents of some tokens, one token after the other: ids and values, never the dense matrix. Owns its tensors.
/// </summary>
/// <remarks>The entries of token t are those from <c>Offsets[t]</c> up to <c>Offsets[t + 1]</c>, in ascending order of their ids, so that a
/// token on which thousands of latents fire, as BOS often is, costs the others nothing.</remarks>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed class SparseLatents : IDisposable, IDisplayable
{
    private readonly Tensor? _scale, _shift;

    /// <param name="offsets">[tokens + 1]: where each token's entries begin</param>
    /// <param name="ids">[active] int64; ownership passes to this object</param>
    /// <param name="values">[active] float32, positive; ownership passes to this object</param>
    /// <param name="width">number of latents of the SAE</param>
    /// <param name="shape">the shape of the activation without what is encoded, for example [batch, pos]</param>
    public SparseLatents(IReadOnlyList<long> offsets, Tensor ids, Tensor values, int width, IReadOnlyList<long> shape)
    {
        Offsets = [.. offsets];
        Ids = ids.DetachFromDisposeScope();
        Values = values.DetachFromDisposeScope();
        (Width, Shape) = (width, shape);
    }

    internal SparseLatents(long[] offsets, Tensor ids, Tensor values, int width, IReadOnlyList<long> shape, long[] encodedShape, Tensor? scale, Tensor? shift)
        : this(offsets, ids, values, width, shape)
    {
        EncodedShape = encodedShape;
        _scale = scale?.DetachFromDisposeScope();
        _shift = shift?.DetachFromDisposeScope();
    }

    /// <summary>[tokens + 1]: where each token's entries begin; the last is their number.</summary>
    public IReadOnlyList<long> Offsets { get; }

    /// <summary>[active] int64: which latents.</summary>
    public Tensor Ids { get; }

    /// <summary>[active] float32, positive: how strongly.</summary>
    public Tensor Values { get; }

    /// <summary>Number of latents of the SAE.</summary>
    public int Width { get; }

    /// <summary>The shape of the encoded activation without what is encoded; its product is the number of tokens.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of tokens.</summary>
    public int Tokens => Offsets.Count - 1;

    /// <summary>Number of entries: active latents of all tokens together.</summary>
    public long Active => Offsets[^1];

    /// <summary>The dimensions that were encoded, [d_in] or [n_heads, d_head]; null if they are not known.</summary>
    internal long[]? EncodedShape { get; }

    /// <summary>[tokens, 1] float32: what a reconstruction, and so what each latent writes, is multiplied by; null for 1. This object owns it.</summary>
    public Tensor? Scale => _scale;

    /// <summary>[tokens, 1]: what is then added; null for 0.</summary>
    internal Tensor? Shift => _shift;

    /// <summary>Activation of one latent at each token, in the order of the flattened <see cref="Shape"/>; 0 where it is silent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">the SAE has no such latent</exception>
    public float[] this[int latent]
    {
        get
        {
            if (latent < 0 || latent >= Width)
                throw new ArgumentOutOfRangeException(nameof(latent), latent, $"The SAE has latents 0 to {Width - 1}.");
            using var scope = NewDisposeScope();
            return Of([latent]).view(-1).cpu().data<float>().ToArray();
        }
    }

    /// <summary>The active latents of one token, strongest first.</summary>
    /// <param name="token">index into the flattened <see cref="Shape"/></param>
    public IReadOnlyList<(int Latent, float Value)> At(int token)
    {
        if (token < 0 || token >= Tokens)
            throw new ArgumentOutOfRangeException(nameof(token), token, $"There are {Tokens} encoded tokens, 0 to {Tokens - 1}.");
        using var scope = NewDisposeScope();
        var (from, count) = (Offsets[token], Offsets[token + 1] - Offsets[token]);
        var ids = Ids.narrow(0, from, count).cpu().data<long>().ToArray();
        var values = Values.narrow(0, from, count).cpu().data<float>().ToArray();
        return [.. ids.Zip(values, (id, value) => ((int)id, value)).OrderByDescending(p => p.value)];
    }

    /// <summary>Activations of some latents; the caller owns the result.</summary>
    /// <param name="latents">which, without repetition</param>
    /// <returns>[tokens, latents] float32, 0 where silent</returns>
    public Tensor Of(IReadOnlyList<int> latents)
    {
        using var scope = NewDisposeScope();
        var wanted = tensor([.. latents.Select(l => (long)l)], device: Ids.device);
        var found = Ids.unsqueeze(1).eq(wanted).nonzero(); // [hits, 2]: entry, which of the latents
        var (entry, column) = (found.select(1, 0), found.select(1, 1));
        using var all = TokenOfEach();
        return zeros(Tokens, latents.Count, device: Values.device)
            .index_put_(Values.index_select(0, entry), all.index_select(0, entry), column).MoveToOuterDisposeScope();
    }

    /// <summary>Mean number of active latents per token.</summary>
    public double L0() => (double)Active / Tokens;

    /// <summary>The token of each entry; the caller owns it.</summary>
    /// <returns>[active] int64</returns>
    public Tensor TokenOfEach()
    {
        using var scope = NewDisposeScope();
        var counts = tensor([.. Offsets.Skip(1).Zip(Offsets, (end, start) => end - start)], device: Ids.device);
        return tensor(Enumerable.Range(0, Tokens).Select(t => (long)t).ToArray(), device: Ids.device).repeat_interleave(counts, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The dense matrix, for small cases; the caller owns it.</summary>
    /// <returns>[tokens, width] float32</returns>
    public Tensor ToDense()
    {
        using var scope = NewDisposeScope();
        return zeros(Tokens, Width, device: Values.device).index_put_(Values, TokenOfEach(), Ids).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public string ToHtml() => Card.ToHtml();

    /// <inheritdoc/>
    public string ToText() => Card.ToText();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private Card Card
    {
        get
        {
            const int MostTokens = 24, Strongest = 5;
            if (Ids.IsInvalid) return new("Latents that have been disposed of", []);
            var rows = Enumerable.Range(0, Math.Min(Tokens, MostTokens)).Select(t => (Token: t, Active: At(t)));
            return new($"Active latents of {Tokens:N0} tokens: {Html.Number(L0())} of {Width:N0} on average",
                [("shape", $"[{string.Join(", ", Shape)}]"), ("shown", Tokens > MostTokens ? $"the first {MostTokens} tokens" : null)])
            {
                Below = [Show.Table(["token", "active", "the strongest, as latent: activation"], rows.Select(r => (IReadOnlyList<object?>)
                    [r.Token, r.Active.Count, string.Join("   ", r.Active.Take(Strongest).Select(a => $"{a.Latent}: {Html.Number(a.Value)}"))]))],
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ids.Dispose();
        Values.Dispose();
        _scale?.Dispose();
        _shift?.Dispose();
    }
}
