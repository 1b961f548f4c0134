using SaeNotebooks.Models;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Generation;

/// <summary>Gathers the tokens of one prompt's generation and their text.</summary>
internal sealed class GenerationBuilder(IReadOnlyList<int> prompt, ITokenizer? tokenizer)
{
    private readonly List<Token> _tokens = [];
    private readonly IncrementalDecoder? _decoder = tokenizer is null ? null : new IncrementalDecoder(tokenizer);
    private FinishReason _finish;

    /// <summary>Takes a step; gives back its token, or null for a stop token.</summary>
    public Token? Add(Generator.Step step)
    {
        _finish = step.Finish ?? _finish;
        if (step.Finish == FinishReason.StopToken) return null;
        var token = new Token(step.Id, _decoder?.Next(step.Id) ?? TokenText.Unknown(step.Id));
        _tokens.Add(token);
        return token;
    }

    public GeneratedText Build()
    {
        var text = tokenizer?.Decode(_tokens.Select(t => t.Id), atStart: false) ?? string.Concat(_tokens.Select(t => t.Text));
        return new GeneratedText(prompt, [.. _tokens], text, _finish);
    }
}
