using SaeNotebooks.Hooks;
using SaeNotebooks.Translation.SaeQuality;

namespace SaeNotebooks.Translation.Tests.SaeQuality;

public class LabelProbesTests
{
    [Fact]
    public void Labels_of_the_corpus_are_probed_on_tokens_that_were_not_trained_on()
    {
        using var bench = Workbench.Open("tiny");
        var probes = LabelProbes.Run(bench.Model, Corpora.Corpus, bench.Sae(Hook.ResidPost(5)), documents: 240);
        var languages = probes.Where(p => p.Kind == "language").ToList();
        Assert.InRange(languages.Count, 2, 5);
        Assert.All(languages, p =>
        {
            Assert.InRange(p.Probe.DenseAccuracy, p.Probe.Majority + 0.05, 1);
            Assert.InRange(p.Probe.Accuracy, 0.4, 1);
            Assert.Single(p.Probe.Latents);
            Assert.InRange(p.Absorption.Rate, 0, p.Absorption.Missed);
        });
        Assert.Contains("concept", probes.Select(p => p.Kind));
    }
}
