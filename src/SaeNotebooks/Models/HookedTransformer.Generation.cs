using SaeNotebooks.Display;
using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;

namespace SaeNotebooks.Models;

public sealed partial class HookedTransformer
{
    /// <summary>Continues one prompt.</summary>
    /// <param name="prompt">token ids</param>
    /// <param name="options">how tokens are chosen and when it ends; greedy by default</param>
    /// <param name="edits">changes made in every pass, at the positions that each edit names</param>
    /// <param name="onToken">called with every token as soon as it is chosen</param>
    /// <param name="cancellation">ends the generation with an exception; by default the notebook's interrupt button</param>
    /// <exception cref="ArgumentException">prompt and new tokens together exceed the context; nothing has run yet</exception>
    /// <exception cref="InvalidOperationException">later layers were left out at loading</exception>
    public GeneratedText Generate(IReadOnlyList<int> prompt, GenerationOptions? options = null, Edits? edits = null,
        Action<Token>? onToken = null, CancellationToken cancellation = default)
    {
        var generated = new GenerationBuilder(prompt, Tokenizer);
        foreach (var step in Steps(new TokenBatch([prompt]), [0], options ?? new GenerationOptions(), edits, cancellation))
            if (generated.Add(step) is { } token) onToken?.Invoke(token);
        return generated.Build();
    }

    /// <summary>Continues one prompt; the text gets a BOS token where the tokenizer says so.</summary>
    /// <inheritdoc cref="Generate(IReadOnlyList{int}, GenerationOptions?, Edits?, Action{Token}?, CancellationToken)"/>
    public GeneratedText Generate(string prompt, GenerationOptions? options = null, Edits? edits = null,
        Action<Token>? onToken = null, CancellationToken cancellation = default) =>
            Generate(Encode(prompt), options, edits, onToken, cancellation);

    /// <summary>Continues one prompt and yields the tokens one by one, each computed when it is asked for.</summary>
    /// <inheritdoc cref="Generate(IReadOnlyList{int}, GenerationOptions?, Edits?, Action{Token}?, CancellationToken)"/>
    public IEnumerable<Token> GenerateStream(IReadOnlyList<int> prompt, GenerationOptions? options = null, Edits? edits = null,
        CancellationToken cancellation = default)
    {
        var steps = Steps(new TokenBatch([prompt]), [0], options ?? new GenerationOptions(), edits, cancellation); // checks its arguments now
        return Tokens();

        IEnumerable<Token> Tokens()
        {
            var generated = new GenerationBuilder(prompt, Tokenizer);
            foreach (var step in steps)
                if (generated.Add(step) is { } token) yield return token;
        }
    }

    /// <inheritdoc cref="GenerateStream(IReadOnlyList{int}, GenerationOptions?, Edits?, CancellationToken)"/>
    public IEnumerable<Token> GenerateStream(string prompt, GenerationOptions? options = null, Edits? edits = null,
        CancellationToken cancellation = default) => GenerateStream(Encode(prompt), options, edits, cancellation);

    /// <summary>Continues many prompts, in batches of similar length.</summary>
    /// <param name="prompts">token ids of each</param>
    /// <param name="options">how tokens are chosen and when it ends; greedy by default</param>
    /// <param name="edits">changes made in every pass, at the positions that each edit names</param>
    /// <param name="progress">told how many prompts are done</param>
    /// <param name="cancellation">ends the generation with an exception; by default the notebook's interrupt button</param>
    /// <returns>one for each prompt, in the order of the prompts</returns>
    public IReadOnlyList<GeneratedText> GenerateAll(IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions? options = null, Edits? edits = null,
        IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        GenerateAll(prompts, prompts.Count, options ?? new GenerationOptions(), edits, progress, cancellation);

    /// <summary>Continues many prompts, in batches of similar length; each gets a BOS token where the tokenizer says so.</summary>
    /// <inheritdoc cref="GenerateAll(IReadOnlyList{IReadOnlyList{int}}, GenerationOptions?, Edits?, IProgress{int}?, CancellationToken)"/>
    public IReadOnlyList<GeneratedText> GenerateAll(IReadOnlyList<string> prompts, GenerationOptions? options = null, Edits? edits = null,
        IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        GenerateAll([.. prompts.Select(p => Encode(p))], options, edits, progress, cancellation);

    /// <summary>Continues the same prompts with each of several edits, as so many calls of <c>GenerateAll</c> do; faster, for all of them share batches.</summary>
    /// <inheritdoc cref="GenerateAll(IReadOnlyList{IReadOnlyList{int}}, GenerationOptions?, Edits?, IProgress{int}?, CancellationToken)"/>
    /// <param name="prompts">token ids of each</param>
    /// <param name="edits">what is compared; <see cref="Edits.None"/> for the unedited model</param>
    /// <param name="options">how tokens are chosen and when it ends; greedy by default</param>
    /// <param name="progress">told how many texts are done</param>
    /// <param name="cancellation">ends the generation with an exception; by default the notebook's interrupt button</param>
    /// <returns>by edit, one for each prompt</returns>
    public IReadOnlyList<IReadOnlyList<GeneratedText>> GenerateEach(IReadOnlyList<IReadOnlyList<int>> prompts, IReadOnlyList<Edits> edits,
        GenerationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        if (prompts.Count == 0) return [.. edits.Select(_ => Array.Empty<GeneratedText>())];
        IReadOnlyList<int>[] repeated = [.. edits.SelectMany(_ => prompts)];
        var together = edits.Index().Aggregate(Edits.None, (sum, e) => sum + e.Item.Part(e.Index * prompts.Count, prompts.Count));
        return [.. GenerateAll(repeated, prompts.Count, options ?? new GenerationOptions(), together, progress, cancellation).Chunk(prompts.Count)];
    }

    /// <summary>Continues the same prompts with each of several edits; each prompt gets a BOS token where the tokenizer says so.</summary>
    /// <inheritdoc cref="GenerateEach(IReadOnlyList{IReadOnlyList{int}}, IReadOnlyList{Edits}, GenerationOptions?, IProgress{int}?, CancellationToken)"/>
    public IReadOnlyList<IReadOnlyList<GeneratedText>> GenerateEach(IReadOnlyList<string> prompts, IReadOnlyList<Edits> edits,
        GenerationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        GenerateEach([.. prompts.Select(p => Encode(p))], edits, options, progress, cancellation);

    /// <inheritdoc cref="GenerateAll(IReadOnlyList{IReadOnlyList{int}}, GenerationOptions?, Edits?, IProgress{int}?, CancellationToken)"/>
    /// <param name="prompts">token ids of each</param>
    /// <param name="streams">after so many prompts the random streams begin again</param>
    /// <param name="options">how tokens are chosen and when it ends</param>
    /// <param name="edits">changes made in every pass, at the positions that each edit names</param>
    /// <param name="progress">told how many prompts are done</param>
    /// <param name="cancellation">ends the generation with an exception; by default the notebook's interrupt button</param>
    internal GeneratedText[] GenerateAll(IReadOnlyList<IReadOnlyList<int>> prompts, int streams, GenerationOptions options, Edits? edits,
        IProgress<int>? progress, CancellationToken cancellation)
    {
        options.Validate();
        var results = new GeneratedText[prompts.Count];
        var batches = prompts.Index().OrderBy(p => p.Item.Count).Select(p => (p.Item, p.Index)).Chunk(options.BatchSize)
            .Select(batch => (batch, steps: Steps(Rearranged(batch, prompts.Count), [.. batch.Select(p => p.Index % streams)], options, edits, cancellation)))
                .ToList(); // every prompt is checked before any runs
        var done = 0;
        foreach (var (batch, steps) in batches)
        {
            var builders = batch.Select(p => new GenerationBuilder(p.Item, Tokenizer)).ToArray();
            foreach (var step in steps) builders[step.Row].Add(step);
            foreach (var (builder, prompt) in builders.Zip(batch)) results[prompt.Index] = builder.Build();
            progress?.Report(done += batch.Length);
        }
        return results;
    }

    private static TokenBatch Rearranged(IEnumerable<(IReadOnlyList<int> Ids, int Index)> prompts, int total) =>
        new(prompts.Select(p => p.Ids), Padding.Left) { Rearranged = [.. prompts.Select(p => p.Index)], Total = total };

    /// <summary>Checks everything at once; computes lazily.</summary>
    /// <param name="batch">prompts, padded on the left</param>
    /// <param name="indices">index of each prompt among all, which decides its random stream</param>
    /// <param name="options">how to choose</param>
    /// <param name="edits">changes to make</param>
    /// <param name="cancellation">ends it all</param>
    private IEnumerable<Generator.Step> Steps(TokenBatch batch, IReadOnlyList<int> indices, GenerationOptions options, Edits? edits,
        CancellationToken cancellation)
    {
        options.Validate();
        RequireHead();
        var capacity = batch.Width + options.MaxNewTokens;
        RequireRunnable(batch, capacity);
        var plan = Plan(batch, HookSet.None, edits ?? Edits.None);
        var stops = (options.StopTokens ?? Config.SpecialTokens.Eos).ToHashSet();
        return Lazily();

        IEnumerable<Generator.Step> Lazily()
        {
            var samplers = batch.Prompts.Zip(indices, (prompt, index) => new TokenSampler(options, prompt, index)).ToList();
            using var decoding = new BatchDecoding(_decoder, Config, plan, batch, options.Decoding == Decoding.Cached ? capacity : null);
            foreach (var step in Generator.Run(decoding, samplers, options, stops, NotebookHost.CancellationOr(cancellation))) yield return step;
        }
    }
}
