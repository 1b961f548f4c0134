
namespace SaeNotebooks.Generation;

/// <summary>Generates for one batch and reports every token as it is chosen.</summary>
internal static class Generator
{
    /// <summary>A new token of one prompt of the batch, or the end of that prompt's generation.</summary>
    /// <param name="Row">which prompt</param>
    /// <param name="Id">the token; the stop token where that ended it</param>
    /// <param name="Finish">why the generation ended with this token, or null if it goes on</param>
    public readonly record struct Step(int Row, int Id, FinishReason? Finish);

    /// <param name="decoding">the batch, not yet run</param>
    /// <param name="prompts">its prompts, with the index of each among all, which decides its random stream</param>
    /// <param name="options">how to choose</param>
    /// <param name="stops">tokens that end a generation</param>
    /// <param name="cancellation">ends it all</param>
    public static IEnumerable<Step> Run(BatchDecoding decoding, IReadOnlyList<(IReadOnlyList<int> Ids, int Index)> prompts, GenerationOptions options,
        IReadOnlySet<int> stops, CancellationToken cancellation)
    {
        var samplers = prompts.Select(p => new TokenSampler(options, p.Ids, p.Index)).ToArray();
        var newest = new int[prompts.Count]; // finished prompts keep a place in the batch, with any token
        var running = prompts.Select(_ => true).ToArray();
        var logits = decoding.Prefill(cancellation);
        for (var made = 1; ; made++)
        {
            var vocab = logits.Length / prompts.Count;
            for (var row = 0; row < prompts.Count; row++)
            {
                if (!running[row]) continue;
                newest[row] = samplers[row].Next(logits.AsSpan(row * vocab, vocab));
                FinishReason? finish = stops.Contains(newest[row]) ? FinishReason.StopToken : made == options.MaxNewTokens ? FinishReason.Length : null;
                running[row] = finish is null;
                yield return new Step(row, newest[row], finish);
            }
            if (!running.Contains(true)) yield break;
            logits = decoding.Step(newest, cancellation);
        }
    }
}
