using System.Security.Cryptography;
using System.Text;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.Bpe;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Embedded;

/// <summary>The documents of the embedded model: lexicon, grammar, wordings and mixture, by index.</summary>
public sealed class EmbeddedCorpus
{
    /// <summary>Loads lexicon and wordings.</summary>
    /// <param name="dataFolder">the repository's <c>data</c> folder</param>
    /// <param name="mixture">what the documents are</param>
    /// <param name="seed">of the documents</param>
    public EmbeddedCorpus(string dataFolder, Mixture mixture, ulong seed)
    {
        Grammar = Grammar.Load(Path.Combine(dataFolder, "lexicon"));
        Wordings = Wordings.Load(Path.Combine(dataFolder, "tasks"));
        Documents = new(Grammar, Wordings, mixture, seed);
    }

    /// <summary>The grammar of all five languages.</summary>
    public Grammar Grammar { get; }

    /// <summary>The wordings of all tasks.</summary>
    public Wordings Wordings { get; }

    /// <summary>The training documents.</summary>
    public DocumentStream Documents { get; }

    /// <summary>SHA-256 of the first documents' text: equal wherever the corpus is the same.</summary>
    /// <param name="documents">how many</param>
    public string Hash(int documents = 1000)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < documents; i++) hash.AppendData(Encoding.UTF8.GetBytes(Documents[i].Text + "\0"));
        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    /// <summary>Trains the tokenizer on the first documents.</summary>
    /// <param name="size">number of ids</param>
    /// <param name="documents">how many documents to count words in</param>
    public BpeVocabulary TrainTokenizer(int size, int documents)
    {
        var words = new WordCounts();
        for (var i = 0; i < documents; i++) words.Add(Documents[i].Text);
        return BpeTrainer.Train(words, size);
    }

    /// <summary>The documents as token ids with roles.</summary>
    public IExampleSource Tokenised(ITokenizer tokenizer) => new Examples(Documents, tokenizer);

    /// <summary>A document as token ids with roles, from the begin marker to the end marker, which counts with what stands before it.</summary>
    /// <param name="document">any document of the corpus</param>
    /// <param name="tokenizer">the embedded model's</param>
    public static TrainingExample Tokenise(Document document, ITokenizer tokenizer)
    {
        List<int> ids = [tokenizer.SpecialTokens[BpeVocabulary.Bos]];
        List<Role> roles = [Role.Text];
        foreach (var segment in document.Segments)
        {
            // Words never cross the border of two segments, so their tokens are those of the whole text.
            var tokens = tokenizer.Encode(segment.Text, bos: false);
            ids.AddRange(tokens);
            roles.AddRange(Enumerable.Repeat(segment.Role, tokens.Count));
        }
        ids.Add(tokenizer.SpecialTokens[BpeVocabulary.Eos]);
        roles.Add(roles[^1]);
        return new([.. ids], [.. roles]);
    }

    private sealed class Examples(DocumentStream documents, ITokenizer tokenizer) : IExampleSource
    {
        public TrainingExample this[long index] => Tokenise(documents[index], tokenizer);
    }
}
