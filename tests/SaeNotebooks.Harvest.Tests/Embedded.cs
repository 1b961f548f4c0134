using SaeNotebooks.Features;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Embedded;

namespace SaeNotebooks.Harvest.Tests;

/// <summary>The embedded model, two of its SAEs and an index of them on a few documents, made once for all tests.</summary>
public sealed class Embedded : IDisposable
{
    public const int Documents = 40;

    public Embedded()
    {
        Folder = Directory.CreateTempSubdirectory("feature-index").FullName;
        Bench = Workbench.Open("tiny");
        Corpus = new EmbeddedDocuments(new EmbeddedModelRecipe().Corpus(), EmbeddedDocuments.Unseen, Documents);
        Harvester(Corpus).Index(At("index"), TestContext.Current.CancellationToken);
        Index = FeatureIndex.Open(At("index"));
    }

    public string Folder { get; }

    public Workbench Bench { get; }

    public EmbeddedDocuments Corpus { get; }

    public FeatureIndex Index { get; }

    public Sae Sae => Bench.Sae(Hook.ResidPost(4));

    /// <summary>At another layer, and not all of the latents, so that the widths differ.</summary>
    public Sae Other => Bench.Sae(Hook.ResidPost(6));

    public HarvestPlan Plan { get; } = new() { DocumentsPerBlock = 8, Facts = 5 };

    public Harvester Harvester(ICorpus corpus, HarvestPlan? plan = null) => new(Bench.Model, Bench.Name, [Sae, Other], corpus, plan ?? Plan);

    public string At(string name) => Path.Combine(Folder, name);

    public void Dispose()
    {
        Index.Dispose();
        Bench.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
