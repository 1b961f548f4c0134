using SaeNotebooks.Models;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Saes.Activations;

/// <summary>Texts as an endless stream of documents: each is cut into pieces that fit the model's context, and after the last the first comes
/// again.</summary>
public sealed class TextDocuments : IExampleSource
{
    private readonly IReadOnlyList<TrainingExample> _pieces;

    /// <param name="texts">the texts</param>
    /// <param name="model">whose tokenizer is used</param>
    /// <param name="length">tokens of a piece, BOS included; the model's context by default</param>
    /// <exception cref="ArgumentException">there is no text of at least two tokens, or pieces are to be shorter than that</exception>
    public TextDocuments(IEnumerable<string> texts, HookedTransformer model, int? length = null)
    {
        if (length < 2) throw new ArgumentException($"Pieces of {length} tokens were asked for; a piece has at least 2.", nameof(length));
        var most = Math.Min(length ?? model.Config.ContextLength, model.Config.ContextLength);
        _pieces = [.. texts.SelectMany(text => Pieces(model, text, most)).Select(ids => new TrainingExample(ids, new Role[ids.Length]))];
        if (_pieces.Count == 0) throw new ArgumentException("There is no text of at least two tokens to read.", nameof(texts));
    }

    /// <summary>Number of pieces before they begin again.</summary>
    public int Count => _pieces.Count;

    /// <inheritdoc/>
    public TrainingExample this[long index] => _pieces[(int)(index % _pieces.Count)];

    private static IEnumerable<int[]> Pieces(HookedTransformer model, string text, int most)
    {
        var ids = model.Encode(text);
        int[] begin = model.Tokenizer is { AddsBos: true } ? [ids[0]] : []; // every piece begins as a prompt does
        return ids.Skip(begin.Length).Chunk(most - begin.Length).Select(chunk => (int[])[.. begin, .. chunk]).Where(piece => piece.Length > 1);
    }
}
