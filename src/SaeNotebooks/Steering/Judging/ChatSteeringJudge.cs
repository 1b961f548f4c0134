using System.Text.RegularExpressions;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Generation;
using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Steering.Judging;

/// <summary>A language model as judge: three questions about each text, one for each rating, so that none colours another (as in AxBench). The wordings are this
/// library's own.</summary>
/// <param name="model">who judges, for example a <see cref="ChatEndpoint"/></param>
public sealed partial class ChatSteeringJudge(ILanguageModel model) : ISteeringJudge
{
    private const string End = "Weigh it in a sentence or two, then end with the rating in double square brackets, for example [[1]].";

    /// <inheritdoc/>
    public string Name => model.Name;

    /// <inheritdoc/>
    /// <exception cref="LanguageModelException">the model cannot be asked, or gives no rating, even when asked twice</exception>
    public async Task<SteeringRating> Rate(string prompt, string concept, GeneratedText text, CancellationToken cancellation = default) => new(
        await Ask(ConceptQuestion(concept, text.Text), cancellation),
        await Ask(InstructionQuestion(prompt, text.Text), cancellation),
        await Ask(FluencyQuestion(text.Text), cancellation));

    internal static Chat ConceptQuestion(string concept, string text) => Question(
        "You are given a concept and a text. Rate how much of the concept is in the text: 0 if it is absent, 1 if it is there in part or weakly, 2 if it is clearly there. The text's quality does not matter.",
        $"Concept: {concept}\n\nText: {text}");

    internal static Chat InstructionQuestion(string prompt, string text) => Question(
        "You are given an instruction and a text. Rate how far the text does what the instruction asks for: 0 if it has nothing to do with it, 1 if it does so in part, 2 if it does so fully. Its style does not matter.",
        $"Instruction: {prompt}\n\nText: {text}");

    internal static Chat FluencyQuestion(string text) => Question(
        "You are given a text, which may be cut off at its end. Rate how it reads: 0 if it cannot be understood, 1 if it can but has errors or repeats itself, 2 if it is fluent. What it says does not matter.",
        $"Text: {text}");

    private static Chat Question(string task, string material) => new Chat().System($"{task} {End}").User(material);

    private async Task<int> Ask(Chat question, CancellationToken cancellation) =>
        Read(await model.Answer(question, cancellation: cancellation)) ?? Read(await model.Answer(question, cancellation: cancellation))
            ?? throw new LanguageModelException(LanguageModelProblem.BadAnswer, $"{model.Name} gave no rating from 0 to 2 in double square brackets, asked twice; use a larger model as judge.");

    /// <summary>The last rating in an answer; null if there is none.</summary>
    private static int? Read(string answer) => Rating().Matches(answer).LastOrDefault() is { } match ? match.Groups[1].Value[0] - '0' : null;

    [GeneratedRegex(@"\[\[\s*([0-2])\s*\]\]")]
    private static partial Regex Rating();
}
