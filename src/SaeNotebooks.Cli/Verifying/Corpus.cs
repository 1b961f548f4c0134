using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Models;
using SaeNotebooks.Training.Bpe;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Saes.Activations;

namespace SaeNotebooks.Cli.Verifying;

/// <summary>Text to measure on, as token ids: the embedded corpus, or files with texts.</summary>
internal static class Corpus
{
    /// <summary>The name of the embedded corpus on the command line.</summary>
    public const string Embedded = "embedded";

    /// <summary>The first documents, or pieces of a file that fit the model's context.</summary>
    /// <param name="corpus"><see cref="Embedded"/>, or a file or folder that harvest reads too</param>
    /// <param name="model">whose tokenizer is used</param>
    /// <param name="documents">how many at most</param>
    /// <param name="length">tokens per piece of a file; null for the model's context</param>
    /// <exception cref="CliException">no such file, or nothing in it</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Read(string corpus, HookedTransformer model, int documents, int? length)
    {
        if (model.Tokenizer is not { } tokenizer) throw new CliException("The model has no tokenizer.json, and a corpus is text; put the file into the model's folder.");
        if (corpus == Embedded)
        {
            if (length is not null) throw new CliException("--length cuts files into pieces; the documents of the embedded corpus are measured whole.");
            if (!tokenizer.SpecialTokens.ContainsKey(BpeVocabulary.Bos)) throw new CliException($"The embedded corpus is in the tokens of the shipped model; this model has no {BpeVocabulary.Bos}. Name a text file.");
            var source = new EmbeddedModelRecipe().Corpus().Tokenised(tokenizer);
            return [.. Enumerable.Range(0, documents).Select(i => source[HeldOut + i].Ids)];
        }
        try
        {
            var pieces = new TextDocuments(new FileCorpus(corpus).Texts().Take(documents), model, length); // of each document one piece at least, or nothing
            return [.. Enumerable.Range(0, Math.Min(documents, pieces.Count)).Select(i => pieces[i].Ids)];
        }
        catch (ArgumentException e) { throw new CliException($"{corpus}: {e.Problem()}", e); }
    }

    /// <summary>Where the documents begin that neither the shipped model nor its SAEs were trained on.</summary>
    private static long HeldOut { get; } = new Translation.SaeQuality.SaeEvaluationOptions().FirstDocument;
}
