
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
    /// <param name="samplers">one for each prompt of the batch</param>
    /// <param name="options">how to choose</param>
    /// <param name="stops">tokens that end a generation</param>
    /// <param name="cancellation">ends it all</param>
    public static IEnumerable<Step> Run(BatchDecoding decoding, IReadOnlyList<TokenSampler> samplers, GenerationOptions options,
        IReadOnlySet<int> stops, CancellationToken cancellation)
    {
        var rows = samplers.Select((sampler, prompt) => new Row(prompt, sampler)).ToArray();
        var logits = decoding.Prefill(cancellation);
        for (var made = 1; ; made++)
        {
            var vocab = logits.Length / rows.Length;
            foreach (var (at, row) in rows.Index())
            {
                if (!row.IsRunning) continue;
                row.Newest = row.Sampler.Next(logits.AsSpan(at * vocab, vocab));
                FinishReason? finish = stops.Contains(row.Newest) ? FinishReason.StopToken
                    : made == options.MaxNewTokens ? FinishReason.Length : null;
                row.IsRunning = finish is null;
                yield return new Step(row.Prompt, row.Newest, finish);
            }
            var running = rows.Count(r => r.IsRunning);
            if (running == 0) yield break;
            if (running <= rows.Length / 2) rows = Keep(decoding, rows);
            logits = decoding.Step([.. rows.Select(r => r.Newest)], cancellation);
        }
    }

    /// <summary>Finished prompts keep their place in the batch until half of it is finished; then the others close ranks.</summary>
    private static Row[] Keep(BatchDecoding decoding, Row[] rows)
    {
        var running = rows.Index().Where(r => r.Item.IsRunning).ToArray();
        decoding.Keep([.. running.Select(r => r.Index)]);
        return [.. running.Select(r => r.Item)];
    }

    /// <summary>A prompt in the batch, and the token that it takes into the next pass.</summary>
    private sealed class Row(int prompt, TokenSampler sampler)
    {
        public int Prompt { get; } = prompt;
        public TokenSampler Sampler { get; } = sampler;
        public int Newest { get; set; }
        public bool IsRunning { get; set; } = true;
    }
}
