using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Training.Embedded;

namespace SaeNotebooks.Cli.Harvesting;

/// <summary>The corpus that <c>harvest</c> is given by name.</summary>
internal static class CorpusToHarvest
{
    /// <summary>The name of the embedded corpus.</summary>
    public const string Embedded = "embedded";

    private const string OfHub = "hub:";

    /// <param name="name"><see cref="Embedded"/>, <c>hub:org/name</c>, or a file or folder</param>
    /// <param name="files">which files of a dataset of the hub</param>
    /// <param name="key">the key or column of the text</param>
    /// <param name="documents">how many documents, where the corpus has no end</param>
    /// <param name="cancellation">gives up a download</param>
    public static ICorpus Open(string name, string? files, string key, long? documents, CancellationToken cancellation) =>
        name == Embedded ? new EmbeddedDocuments(new EmbeddedModelRecipe().Corpus(), EmbeddedDocuments.Unseen,
            documents ?? throw new CliException("The embedded corpus has no end; say how much of it with --documents."))
        : name.StartsWith(OfHub, StringComparison.Ordinal) ? HubCorpus.Open(name[OfHub.Length..], files, key, cancellation)
        : new FileCorpus(name, key);
}
