using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Features.Dashboards;

/// <summary>The product of a hook's activation with a direction, at the tokens of whole sequences of a corpus.</summary>
/// <param name="Values">by place, from the first; what does not count is NaN</param>
internal sealed record DirectionActivations(float[] Values)
{
    private const int TokensPerBatch = 4096;

    /// <summary>Places that count.</summary>
    public IEnumerable<int> Places => Enumerable.Range(0, Values.Length).Where(p => !float.IsNaN(Values[p]));

    /// <summary>Runs text through the model up to a hook.</summary>
    /// <param name="corpus">the text</param>
    /// <param name="model">the model</param>
    /// <param name="hook">where</param>
    /// <param name="direction">[d_in], float32</param>
    /// <param name="most">tokens; at least the first sequence is run</param>
    /// <param name="cancellation">looked at before every batch</param>
    public static DirectionActivations Of(IndexedCorpus corpus, HookedTransformer model, HookName hook, Tensor direction, int most, CancellationToken cancellation)
    {
        var sequences = 1;
        while (sequences < corpus.Sequences && corpus.Start(sequences) + corpus.TokenIds(sequences).Length <= most) sequences++;
        var values = new float[corpus.Start(sequences - 1) + corpus.TokenIds(sequences - 1).Length];
        Array.Fill(values, float.NaN);
        using var progress = Progress.Start("Running the corpus", values.Length, "tokens", cancellation: cancellation);
        var done = 0;
        for (var next = 0; next < sequences;)
        {
            progress.Cancellation.ThrowIfCancellationRequested();
            var first = next;
            for (int width = 0, tokens = 0; next < sequences; next++, tokens = width * (next - first))
            {
                width = Math.Max(width, corpus.TokenIds(next).Length);
                if (next > first && width * (next - first + 1) > TokensPerBatch) break;
            }
            Run(corpus, model, hook, direction, first, next, values);
            progress.Report(done = (int)corpus.Start(next - 1) + corpus.TokenIds(next - 1).Length);
        }
        return new(values);
    }

    private static void Run(IndexedCorpus corpus, HookedTransformer model, HookName hook, Tensor direction, int first, int end, float[] values)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var batch = new TokenBatch([.. Enumerable.Range(first, end - first).Select(s => corpus.TokenIds(s).ToArray())]);
        using var run = model.Run(batch, hook);
        var products = run[hook].flatten(2).to(ScalarType.Float32).matmul(direction).cpu().contiguous().data<float>().ToArray(); // [batch · pos]
        for (var row = 0; row < end - first; row++)
            for (var i = 0; i < batch.Prompts[row].Count; i++)
                if (corpus.Start(first + row) + i is var place && corpus.Counts(place)) values[place] = products[row * batch.Width + i];
    }
}
