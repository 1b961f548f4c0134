using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.Bpe;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>A document as token ids, with what is known of its tokens.</summary>
/// <param name="Ids">from the begin marker to the end marker</param>
/// <param name="Roles">by token</param>
/// <param name="Sentences">stretches in one language that are no instructions</param>
/// <param name="Task">the task that the prompt sets; null for running text</param>
/// <param name="Break">the last prompt token; −1 for running text</param>
/// <param name="WordEnds">last tokens of the words in the sentences, with the noun sense that the word expresses, or null</param>
internal sealed record LabelledDocument(int[] Ids, Role[] Roles, IReadOnlyList<(int First, int Count, Language Language)> Sentences,
    TaskKind? Task, int Break, IReadOnlyList<(int Token, string? Concept)> WordEnds)
{
    public static LabelledDocument Of(Document document, ITokenizer tokenizer)
    {
        List<int> ids = [tokenizer.SpecialTokens[BpeVocabulary.Bos]];
        List<Role> roles = [Role.Text];
        List<(int, int, Language)> sentences = [];
        List<(int, string?)> words = [];
        var nouns = NounForms.Of(document.Meanings);
        foreach (var segment in document.Segments)
        {
            var tokens = tokenizer.EncodeToSpans(segment.Text);
            if (LanguageOf(document, segment.Role) is { } language)
            {
                sentences.Add((ids.Count, tokens.Count, language));
                words.AddRange(nouns.WordEnds(segment.Text, language, tokens).Select(w => (ids.Count + w.Token, w.Concept)));
            }
            ids.AddRange(tokens.Select(t => t.Id));
            roles.AddRange(tokens.Select(_ => segment.Role));
        }
        ids.Add(tokenizer.SpecialTokens[BpeVocabulary.Eos]);
        roles.Add(roles[^1]);
        return new([.. ids], [.. roles], sentences, document.Task, roles.LastIndexOf(Role.Break), words);
    }

    private static Language? LanguageOf(Document document, Role role) => role switch
    {
        Role.Text or Role.Source or Role.Question => document.Source,
        Role.Answer => document.AnswerLanguage,
        _ => null,
    };
}
