using SaeNotebooks.Features;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Harvest.Tests;

public sealed class WorkbenchIndexTests(Embedded embedded) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-index").FullName;

    private IReadOnlyList<Sae> Saes => [.. embedded.Bench.SaeHooks.Select(embedded.Bench.Sae)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_embedded_models_index_is_made_once_and_again_when_it_is_of_something_else()
    {
        var folder = Path.Combine(_folder, "tiny");
        DateTime made;
        using (var index = WorkbenchIndex.OpenOrMake(embedded.Bench, folder, Saes, documents: 4, TestContext.Current.CancellationToken))
        {
            made = Made();
            Assert.Equal(embedded.Bench.SaeHooks.Select(h => h.ToString()), index.Header.Saes.Select(s => s.Name));
            Assert.Equal(4, index.Corpus.Sequences);
            Assert.True(index.Of(embedded.Bench.Sae(Hook.ResidPost(1)), embedded.Bench.Model).Rates.Sum() > 1);
        }
        WorkbenchIndex.OpenOrMake(embedded.Bench, folder, Saes, documents: 4, TestContext.Current.CancellationToken).Dispose();
        Assert.Equal(made, Made());
        using (var index = WorkbenchIndex.OpenOrMake(embedded.Bench, folder, Saes, documents: 5, TestContext.Current.CancellationToken)) Assert.Equal(5, index.Corpus.Sequences);
        File.Delete(Path.Combine(folder, "blocks.1.hook_resid_post", "places.u32")); // a copy that was cut short
        WorkbenchIndex.OpenOrMake(embedded.Bench, folder, Saes, documents: 5, TestContext.Current.CancellationToken).Dispose();
        Assert.Equal([folder], Directory.GetFileSystemEntries(_folder));

        DateTime Made() => File.GetLastWriteTimeUtc(Path.Combine(folder, "index.json"));
    }

    [Fact]
    public void An_index_that_was_harvested_is_opened_with_its_weights()
    {
        var index = embedded.Bench.Index(Hook.ResidPost(4), embedded.At("index"));
        Assert.Same(embedded.Sae, index.Sae);
        Assert.Contains("was not made with this", Assert.Throws<FeatureIndexException>(() => embedded.Bench.Index(Hook.ResidPost(0), embedded.At("index"))).Message);
    }
}
