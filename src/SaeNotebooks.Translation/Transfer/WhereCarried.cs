using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Study;
using SaeNotebooks.Translation.Switch;

namespace SaeNotebooks.Translation.Transfer;

/// <summary>Where a model carries the task, which decides what layers are searched for matches: by patching, so that no match has a say in it.</summary>
public static class WhereCarried
{
    /// <summary>Patches the residual stream at the last prompt token from prompts of one task into prompts of another, layer by layer.</summary>
    /// <param name="side">the model; its SAEs are not used</param>
    /// <param name="corpus">grammar and wordings</param>
    /// <param name="options">how much</param>
    /// <param name="cacheFolder">where the result is kept; null keeps nothing</param>
    /// <param name="cancel">ends it with an exception</param>
    /// <returns>by layer, the share of answers that flip, over all kinds of prompts</returns>
    /// <exception cref="ArgumentException">the model carries out none of the tasks, so that nothing can flip</exception>
    public static IReadOnlyList<CarriedTask> Of(LatentSide side, EmbeddedCorpus corpus, TransferOptions options, string? cacheFolder, CancellationToken cancel = default)
    {
        using var progress = Progress.Start($"Patching {side.Name} layer by layer", 4, "kinds of prompts", cancellation: cancel);
        var done = 0;
        var results = new StudyCache(cacheFolder, TransferSubject.ModelDigest(side)).Get("patching", new { options.PatchCases, options.Seed }, () => SwitchExperiment.Patch(side.Model, corpus,
            new() { PatchCases = options.PatchCases, Seed = options.Seed }, new Told(what => progress.Report(done++, what)), progress.Cancellation));
        progress.Report(4);
        return results.Count == 0 ? throw new ArgumentException($"'{side.Name}' carries out no task on the prompts of the patching experiment, so it cannot be seen where it carries them.", nameof(side))
            : [.. results.GroupBy(r => r.Layer).OrderBy(g => g.Key).Select(g => new CarriedTask(g.Key, g.Sum(r => r.Flipped.Value * r.Flipped.Count) / g.Sum(r => r.Flipped.Count)))];
    }

    /// <summary>The layer after which most answers flip; the first of several.</summary>
    public static int Most(IReadOnlyList<CarriedTask> carried) => carried.MaxBy(c => c.Flipped)!.Layer;

    private sealed class Told(Action<string> tell) : IProgress<string>
    {
        public void Report(string value) => tell(value);
    }
}
