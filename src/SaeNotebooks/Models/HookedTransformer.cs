using SaeNotebooks.Checkpoints;
using SaeNotebooks.Display;
using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using SaeNotebooks.Tokenization;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>A decoder-only transformer whose activations can be captured and edited at TransformerLens's hooks.</summary>
/// <remarks>Owns its weights. Runs may go on in several threads at once; <see cref="Dispose"/> may not overlap with them.</remarks>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed partial class HookedTransformer : IDisposable, IDisplayable
{
    private readonly Decoder _decoder;
    private readonly ModelHooks _hooks;
    private readonly IReadOnlyList<Tensor> _weights;
    private readonly bool _explicitAttention;

    private HookedTransformer(ModelConfig config, Decoder decoder, IReadOnlyList<Tensor> weights, ScalarType dtype, Device device, bool explicitAttention)
    {
        (Config, _decoder, _weights, Dtype, Device, _explicitAttention) = (config, decoder, weights, dtype, device, explicitAttention);
        _hooks = new ModelHooks(config, decoder);
    }

    /// <summary>The checkpoint's tokenizer, or null if the folder has none.</summary>
    public ITokenizer? Tokenizer { get; private init; }

    /// <summary>The model's dimensions.</summary>
    public ModelConfig Config { get; }

    /// <summary>The dtype of weights and activations; norms, softmax and logits are float32 throughout.</summary>
    public ScalarType Dtype { get; }

    /// <summary>The hooks that this model has, in the order of evaluation.</summary>
    public IReadOnlyCollection<HookName> Hooks => _hooks.All;

    /// <summary>How many layers are in memory: all, unless the model was loaded up to one of them only.</summary>
    public int LoadedLayers => _decoder.Blocks.Count;

    /// <summary>By layer, how many of the weights belong to it and to what comes before it.</summary>
    private IReadOnlyList<int> WeightsAfter { get; init; } = [];

    /// <summary>Of the weights, those that hold further rows of the one before.</summary>
    private IReadOnlySet<Tensor> Continuing { get; init; } = new HashSet<Tensor>();

    /// <summary>The weights that decide the residual stream after a layer, each as the tensors that hold its rows, one below the other: which tensors these
    /// are depends on how the file is laid out. The model owns them.</summary>
    internal IEnumerable<IReadOnlyList<Tensor>> WeightsUpTo(int layer)
    {
        List<List<Tensor>> stacks = [];
        foreach (var weight in _weights.Take(WeightsAfter[layer]))
        {
            if (Continuing.Contains(weight)) stacks[^1].Add(weight);
            else stacks.Add([weight]);
        }
        return stacks;
    }

    /// <summary>Embedding, blocks, head.</summary>
    internal Decoder Decoder => _decoder;

    /// <summary>Where the weights are and the model runs.</summary>
    public Device Device { get; }

    /// <summary>[vocab, d_model], the token embedding, before Gemma's scale. The model owns it.</summary>
    public Tensor Embedding => _decoder.Embedding.Weight;

    /// <summary>[vocab, d_model], row t is the direction whose product with the normalised final residual is the logit of t. The model
    /// owns it.</summary>
    /// <exception cref="InvalidOperationException">later layers were left out at loading</exception>
    public Tensor Unembedding => Head.Unembedding.Weight;

    /// <exception cref="InvalidOperationException">later layers were left out at loading</exception>
    internal Head Head => _decoder.Head
        ?? throw new InvalidOperationException($"Logits were asked for, but only layers 0 to {LoadedLayers - 1} of {Config.NLayers} were loaded; load the model without lastLayer.");

    /// <summary>Loads a HuggingFace checkpoint folder: <c>config.json</c>, <c>model.safetensors</c> (or shards), <c>tokenizer.json</c> if
    /// there is one.</summary>
    /// <param name="folder">the folder</param>
    /// <param name="dtype">float32 (default), bfloat16 or float64; the file's type does not matter</param>
    /// <param name="device">by default the CPU</param>
    /// <param name="lastLayer">the last layer that is needed; those after it are not read, and there are no logits then. By default all
    /// are</param>
    /// <param name="processing">changes to the weights that leave the predictions as they are; none by default</param>
    /// <param name="explicitAttention">computes attention step by step, as the reference's eager attention does, and so rounds as it does in
    /// bfloat16; by default the fused operator is used wherever nobody looks at scores and patterns, which is faster</param>
    /// <param name="cancellation">looked at before every tensor</param>
    /// <remarks>On Linux and the CPU, weights that need no conversion stay in their file, which may be deleted or replaced by renaming meanwhile, but
    /// not written to in place. Nothing that is done to the model changes the file.</remarks>
    /// <exception cref="CheckpointException">unknown architecture, or a file that is damaged or contradicts the configuration</exception>
    /// <exception cref="ArgumentException">there is no such layer, or the processing is not possible in this family</exception>
    /// <exception cref="InsufficientMemoryException">it does not fit; nothing large has been allocated</exception>
    /// <exception cref="InvalidOperationException">the device does not compute correctly</exception>
    public static HookedTransformer Load(string folder, ScalarType dtype = ScalarType.Float32, Device? device = null, int? lastLayer = null,
        WeightProcessing processing = WeightProcessing.None, bool explicitAttention = false, CancellationToken cancellation = default)
    {
        NativeRuntime.EnsureLoaded();
        if (dtype is not (ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float64))
            throw new ArgumentException($"The model runs in float32, bfloat16 or float64, not {dtype}.", nameof(dtype));
        if (!Directory.Exists(folder)) throw new CheckpointException(folder, null, "no such folder");
        var json = ConfigJson.Load(Path.Combine(folder, "config.json"));
        var family = ModelFamilies.Of(json);
        var config = family.Read(json);
        var tokenizer = TokenizerFile.InFolder(folder);
        using var checkpoint = ModelCheckpoint.Open(folder);
        device ??= CPU;
        var plan = MemoryPlan.Of(family, json, checkpoint, dtype, device, lastLayer);
        plan.RequireFits();
        DeviceSelfTest.RequirePassed(device);
        using var progress = Progress.Start($"Loading {plan.Model}", plan.Weights >> 20, "MiB", cancellation: cancellation);
        using var loader = new WeightLoader(checkpoint, dtype, device, lastLayer, progress);
        try
        {
            var decoder = family.Build(json, config, loader);
            decoder = new WeightFolding(config.Family, loader.Loaded).Apply(decoder, processing);
            return new HookedTransformer(config, decoder, loader.Loaded, dtype, device, explicitAttention) { Tokenizer = tokenizer, WeightsAfter = loader.LoadedAfter, Continuing = loader.Continuing };
        }
        catch
        {
            foreach (var weight in loader.Loaded) weight.Dispose();
            throw;
        }
    }

    /// <summary>Runs prompts through the model once.</summary>
    /// <param name="tokens">token ids of one prompt or of a batch</param>
    /// <param name="capture">activations to keep; the pass ends at the last of them unless logits are wanted too</param>
    /// <param name="edits">changes to make on the way</param>
    /// <param name="logits">whether to compute logits; by default only if nothing is captured</param>
    /// <param name="cancellation">looked at before every block; by default the notebook's interrupt button</param>
    /// <returns>the captures and logits; the caller disposes of it</returns>
    /// <exception cref="ArgumentException">a prompt is longer than the context, a token or layer does not exist, an edit has the wrong
    /// shape</exception>
    public ModelRun Run(TokenBatch tokens, HookSet? capture = null, Edits? edits = null, bool? logits = null, CancellationToken cancellation = default)
    {
        var wanted = logits ?? (capture ?? HookSet.None).Count == 0 ? Decoder.Logits.All : Decoder.Logits.None;
        return Run(tokens, capture ?? HookSet.None, edits ?? Edits.None, wanted, cancellation);
    }

    /// <summary>Runs prompts, with the logits of all columns, of the last one alone as [batch, 1, vocab], or with none.</summary>
    internal ModelRun Run(TokenBatch tokens, HookSet capture, Edits edits, Decoder.Logits wanted, CancellationToken cancellation)
    {
        RequireRunnable(tokens, tokens.Width);
        var plan = Plan(tokens, capture, edits);
        if (wanted != Decoder.Logits.None) RequireHead();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var pass = new ForwardPass(plan, tokens, (0, tokens.Width), Config, cache: null);
        var ids = tensor(tokens.PaddedIds(), [tokens.Prompts.Count, tokens.Width], device: Device);
        var scores = _decoder.Forward(ids, pass, wanted, NotebookHost.CancellationOr(cancellation))?.DetachFromDisposeScope();
        return new ModelRun(tokens, pass.TakeCaptured(), scores, TextOf);
    }

    /// <summary>Runs prompts up to what <see cref="Models.Head.Logits"/> makes the logits of, for those who cannot hold all of these at once.</summary>
    /// <returns>[batch, pos, d_model], after the final norm; the caller owns it</returns>
    internal Tensor RunToHead(TokenBatch tokens, Edits edits, CancellationToken cancellation)
    {
        RequireRunnable(tokens, tokens.Width);
        RequireHead();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var pass = new ForwardPass(Plan(tokens, HookSet.None, edits), tokens, (0, tokens.Width), Config, cache: null);
        var ids = tensor(tokens.PaddedIds(), [tokens.Prompts.Count, tokens.Width], device: Device);
        return _decoder.Normalized(ids, pass, Decoder.Logits.All, NotebookHost.CancellationOr(cancellation))!.MoveToOuterDisposeScope();
    }

    /// <summary>Runs text through the model once; it gets a BOS token where the tokenizer says so.</summary>
    /// <inheritdoc cref="Run(TokenBatch, HookSet?, Edits?, bool?, CancellationToken)"/>
    public ModelRun Run(string prompt, HookSet? capture = null, Edits? edits = null, bool? logits = null, CancellationToken cancellation = default) =>
        Run(new TokenBatch([Encode(prompt)]), capture, edits, logits, cancellation);

    /// <summary>Runs several texts as one batch, padded on the right; each gets a BOS token where the tokenizer says so.</summary>
    /// <inheritdoc cref="Run(TokenBatch, HookSet?, Edits?, bool?, CancellationToken)"/>
    public ModelRun Run(IEnumerable<string> prompts, HookSet? capture = null, Edits? edits = null, bool? logits = null, CancellationToken cancellation = default) =>
        Run(new TokenBatch(prompts.Select(p => Encode(p))), capture, edits, logits, cancellation);

    /// <summary>The logits that a residual stream would have if it were the last: the final norm with its own scale, then the
    /// unembedding.</summary>
    /// <param name="residual">[…, d_model]</param>
    /// <returns>[…, vocab], float32; the caller owns it</returns>
    public Tensor Unembed(Tensor residual)
    {
        if (residual.dim() == 0 || residual.shape[^1] != Config.DModel)
            throw new ArgumentException($"The residual stream has shape [{string.Join(", ", residual.shape)}], expected […, {Config.DModel}].", nameof(residual));
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return Head.Logits(Head.Norm.Apply(residual).to(Dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>The token ids of a text.</summary>
    /// <param name="text">any text</param>
    /// <param name="bos">whether to begin with BOS; by default as the tokenizer says</param>
    /// <exception cref="InvalidOperationException">the checkpoint has no tokenizer</exception>
    public IReadOnlyList<int> Encode(string text, bool? bos = null) => Tokenizer?.Encode(text, bos)
        ?? throw new InvalidOperationException("This checkpoint has no tokenizer.json, so it takes token ids and no text; put the file into the folder, or pass ids.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in _weights) weight.Dispose();
    }

    /// <summary>A plan of captures alone, for passes that are put together elsewhere, once prompts and head are known to fit.</summary>
    internal HookPlan PlanOf(TokenBatch tokens, HookSet capture)
    {
        RequireRunnable(tokens, tokens.Width);
        RequireHead();
        return Plan(tokens, capture, Edits.None);
    }

    private void RequireHead() => _ = Head;

    private HookPlan Plan(TokenBatch tokens, HookSet capture, Edits edits)
    {
        foreach (var edit in edits)
            for (var row = 0; row < tokens.Prompts.Count; row++) edit.Positions.RequireInside(tokens.PromptLength(row));
        return new HookPlan(capture, edits, _hooks, _explicitAttention);
    }

    private void RequireRunnable(TokenBatch tokens, int length)
    {
        if (length > Config.ContextLength)
            throw new ArgumentException(length == tokens.Width
                ? $"The prompt has {length} tokens, but the model's context is {Config.ContextLength}; shorten it."
                : $"The prompt's {tokens.Width} tokens and {length - tokens.Width} new ones exceed the model's context of {Config.ContextLength}; shorten the prompt or ask for fewer.", nameof(tokens));
        foreach (var prompt in tokens.Prompts)
            foreach (var id in prompt)
                if ((uint)id >= (uint)Config.VocabSize)
                    throw new ArgumentException($"Token id {id} is not in the model's vocabulary of {Config.VocabSize} (0 to {Config.VocabSize - 1}).", nameof(tokens));
    }

    internal Token TokenOf(int id) => new(id, TextOf(id));

    private string TextOf(int id) => Tokenizer?.TextOf(id) ?? TokenText.Unknown(id);
}
