using SaeNotebooks.Features;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.Bpe;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Harvest.Corpora;

/// <summary>
/// Documents of the embedded corpus, with their tokens labelled: <c>language</c> of the words; <c>task</c> that the document sets; <c>target</c>, the language that a
/// translation is into; <c>role</c> of the stretch; <c>prompt-end</c>, the task at the one token at which the answer has to begin.
/// </summary>
/// <param name="corpus">the corpus</param>
/// <param name="first">index of the first document</param>
/// <param name="count">how many documents</param>
public sealed class EmbeddedDocuments(EmbeddedCorpus corpus, long first, long count) : ICorpus
{
    /// <summary>Documents from here on were seen neither in training the model nor in training its SAEs.</summary>
    public const long Unseen = 4_000_000_000;

    private static readonly IReadOnlyList<string> Tasks = [.. Enum.GetNames<TaskKind>(), nameof(DocumentKind.Story)];
    private static readonly IReadOnlyList<string> LanguageNames = [.. Languages.All.Select(l => l.ToString())];

    /// <inheritdoc/>
    public string Identity { get; } = $"{count} documents of the embedded corpus {corpus.Hash(100)[..16]}, from {first}";

    /// <inheritdoc/>
    public IReadOnlyList<LabelKind> Kinds { get; } =
        [new("language", LanguageNames), new("task", Tasks), new("target", LanguageNames), new("role", Enum.GetNames<Role>()), new("prompt-end", Enum.GetNames<TaskKind>())];

    /// <inheritdoc/>
    public long? Count => count;

    /// <inheritdoc/>
    public IEnumerable<ICorpusDocument> From(long number, CancellationToken cancellation = default)
    {
        for (var i = number; i < count; i++) yield return new Labelled(corpus, first + i);
    }

    private sealed class Labelled(EmbeddedCorpus corpus, long index) : ICorpusDocument
    {
        public LabelledTokens Read(ITokenizer tokenizer)
        {
            var document = corpus.Documents[index];
            List<int> ids = tokenizer.Bos is { } bos ? [bos] : [];
            List<byte[]> labels = [.. ids.Select(_ => Of(document, null))];
            foreach (var segment in document.Segments)
            {
                var tokens = tokenizer.Encode(segment.Text, bos: false); // words never cross the border of two segments
                ids.AddRange(tokens);
                labels.AddRange(Enumerable.Repeat(Of(document, segment.Role), tokens.Count));
            }
            if (tokenizer.SpecialTokens.TryGetValue(BpeVocabulary.Eos, out var eos))
            {
                ids.Add(eos);
                labels.Add(Of(document, null));
            }
            return new(ids, [.. Enumerable.Range(0, labels[0].Length).Select(kind => labels.Select(l => l[kind]).ToArray())]);
        }

        private byte[] Of(Document document, Role? role) =>
        [
            Label(role is { } r ? LanguageOf(document, r) : null),
            (byte)(document.Task is { } task ? (int)task : Tasks.Count - 1),
            document.Task == TaskKind.Translate ? (byte)document.Target : LabelKind.None,
            Label(role),
            role == Role.Break ? Label(document.Task) : LabelKind.None,
        ];

        private Language? LanguageOf(Document document, Role role) => role switch
        {
            Role.Text or Role.Source or Role.Question or Role.Shot => document.Source,
            Role.Answer or Role.ShotAnswer => document.AnswerLanguage,
            Role.Instruction => document.WordingId is { } id ? corpus.Wordings[id].Language : null,
            _ => null,
        };

        private static byte Label<T>(T? value) where T : struct, Enum => value is { } some ? Convert.ToByte(some) : LabelKind.None;
    }
}
