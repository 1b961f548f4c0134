using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Analysis;

/// <summary>A number that is read off a prompt's logits, such as the logit difference of two answers: what an edit or an attribution is
/// measured by. It can be differentiated.</summary>
public abstract record Metric
{
    /// <summary>Logits of one pass at most, as numbers of 4 bytes: 128 MB.</summary>
    private const long LogitsPerPass = 1 << 25;

    private protected Metric(string name) => Name = name;

    /// <summary>The metric in words, with its unit.</summary>
    public string Name { get; }

    /// <summary>The logit of a token after the prompt's last token, or how far it is ahead of another's.</summary>
    /// <param name="token">token id</param>
    /// <param name="minus">subtracts the logit of this token</param>
    /// <param name="name">for charts and tables; by default with the tokens' ids</param>
    public static Metric Logit(int token, int? minus = null, string? name = null) => new AtLast(
        name ?? (minus is null ? $"logit of token {token}" : $"logit of token {token} − logit of token {minus}"),
        logits => minus is { } other ? Column(logits, token) - Column(logits, other) : Column(logits, token));

    /// <summary>The log-probability of a token after the prompt's last token, in nats.</summary>
    /// <param name="token">token id</param>
    /// <param name="name">for charts and tables; by default with the token's id</param>
    public static Metric LogProbability(int token, string? name = null) =>
        new AtLast(name ?? $"log-probability of token {token} (nats)", logits => Column(logits.log_softmax(-1), token));

    /// <summary>The log-probability of each prompt's given answer, summed over its tokens, in nats; for <see cref="TokenBatch.WithAnswers"/>.</summary>
    public static Metric AnswerLogProbability { get; } = new OfAnswer("log-probability of the answer (nats)", logProbs => logProbs, IsMean: false);

    /// <summary>The log-odds, log p − log(1 − p), of each prompt's given answer, averaged over its tokens. Unlike that of the log-probability, its slope does
    /// not vanish where the model is nearly certain. For <see cref="TokenBatch.WithAnswers"/>.</summary>
    public static Metric AnswerLogOdds { get; } = new OfAnswer("mean log-odds of the answer's tokens", LogOdds, IsMean: true);

    /// <summary>Any function of the logits after the prompt's last token, for example the log-odds of a set of tokens.</summary>
    /// <param name="name">in words, with the unit</param>
    /// <param name="function">from [batch, vocab] float32 to [batch]; must use operations that can be differentiated, and change nothing in place</param>
    public static Metric Custom(string name, Func<Tensor, Tensor> function) => new AtLast(name, function);

    /// <summary>Runs prompts and reads the metric, in batches of similar length.</summary>
    /// <param name="model">the model</param>
    /// <param name="prompts">the prompts</param>
    /// <param name="edits">changes made on the way</param>
    /// <param name="cancellation">looked at before every block</param>
    /// <returns>one value for each prompt, in their order</returns>
    public IReadOnlyList<double> Of(HookedTransformer model, TokenBatch prompts, Edits? edits = null, CancellationToken cancellation = default)
    {
        var values = new double[prompts.Prompts.Count];
        using var progress = Progress.Start($"Measuring the {Name}", values.Length, "prompts", cancellation: cancellation);
        var done = 0;
        foreach (var batch in prompts.Split(TokensPerPass(model)))
        {
            using var quiet = no_grad();
            using var scope = NewDisposeScope();
            using var run = model.Run(batch, HookSet.None, edits ?? Edits.None, LogitsOf(batch), progress.Cancellation);
            var some = Of(run.Logits, batch).to(ScalarType.Float64).cpu().data<double>().ToArray();
            foreach (var (row, prompt) in batch.Indices.Index()) values[prompt] = some[row];
            progress.Report(done += some.Length);
        }
        return values;
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    /// <summary>The logits that the metric needs of a batch.</summary>
    internal abstract Decoder.Logits LogitsOf(TokenBatch batch);

    /// <summary>The metric of each prompt; the caller's scope owns it.</summary>
    /// <param name="logits">[batch, pos, vocab] float32, or [batch, 1, vocab] where only the last are needed</param>
    /// <param name="batch">the prompts</param>
    /// <returns>[batch] float32</returns>
    internal abstract Tensor Of(Tensor logits, TokenBatch batch);

    /// <summary>Tokens of a pass whose logits fit into memory.</summary>
    internal static int TokensPerPass(HookedTransformer model) => (int)Math.Max(1, LogitsPerPass / model.Config.VocabSize);

    /// <summary>Places in logits that are flattened to [batch · pos, vocab].</summary>
    private static Tensor Places(IEnumerable<long> places, Tensor logits) => tensor([.. places], device: logits.device);

    private static Tensor Column(Tensor logits, int token)
    {
        if ((uint)token >= (uint)logits.shape[^1]) throw new ArgumentOutOfRangeException(nameof(token), token, $"Token ids run from 0 to {logits.shape[^1] - 1}.");
        return logits.select(-1, token);
    }

    private sealed record AtLast(string Text, Func<Tensor, Tensor> Function) : Metric(Text)
    {
        internal override Decoder.Logits LogitsOf(TokenBatch batch) => batch.EndsTogether ? Decoder.Logits.LastColumn : Decoder.Logits.All;

        internal override Tensor Of(Tensor logits, TokenBatch batch)
        {
            var places = Enumerable.Range(0, batch.Prompts.Count).Select(row => (long)row * batch.Width + batch.Start(row) + batch.PromptLength(row) - 1);
            var value = Function(batch.EndsTogether ? logits.select(1, -1) : logits.flatten(0, 1).index_select(0, Places(places, logits))); // [batch]
            if (value.dim() == 1 && value.shape[0] == batch.Prompts.Count) return value;
            throw new InvalidOperationException(
                $"The metric '{Name}' returned [{string.Join(", ", value.shape)}], expected [{batch.Prompts.Count}], one number for each prompt.");
        }
    }

    /// <summary>From log p, of a p that float32 tells from 1.</summary>
    private static Tensor LogOdds(Tensor logProbs)
    {
        using var most = tensor(-1e-6f, device: logProbs.device);
        var below = logProbs.minimum(most);
        return below - below.expm1().neg().log();
    }

    private sealed record OfAnswer(string Text, Func<Tensor, Tensor> OfLogProbs, bool IsMean) : Metric(Text)
    {
        internal override Decoder.Logits LogitsOf(TokenBatch batch) => Decoder.Logits.All;

        internal override Tensor Of(Tensor logits, TokenBatch batch)
        {
            var answers = Enumerable.Range(0, batch.Prompts.Count).SelectMany(row => AnswerOf(batch, row)).ToArray();
            if (answers.Length == 0)
                throw new ArgumentException("The prompts have no answers whose probability could be measured; make the batch with TokenBatch.WithAnswers.", nameof(batch));
            var predictions = logits.flatten(0, 1).index_select(0, Places(answers.Select(a => a.Place), logits)).log_softmax(-1); // [answer tokens, vocab]
            var each = predictions.gather(1, Places(answers.Select(a => a.Token), logits).unsqueeze(1)).squeeze(1);
            var values = OfLogProbs(each);
            if (IsMean) values = values / tensor([.. answers.CountBy(a => a.Row).SelectMany(r => Enumerable.Repeat((float)r.Value, r.Value))], device: logits.device);
            return zeros(batch.Prompts.Count, device: logits.device).index_add(0, Places(answers.Select(a => a.Row), logits), values, Runtime.Scalars.One);
        }

        /// <summary>The tokens of an answer, each with the place whose logits predict it.</summary>
        private static IEnumerable<(long Row, long Place, long Token)> AnswerOf(TokenBatch batch, int row)
        {
            for (var at = batch.PromptLength(row); at < batch.Prompts[row].Count; at++)
                yield return (row, (long)row * batch.Width + batch.Start(row) + at - 1, batch.Prompts[row][at]);
        }
    }
}
