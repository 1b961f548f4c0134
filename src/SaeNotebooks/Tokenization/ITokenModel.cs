namespace SaeNotebooks.Tokenization;

/// <summary>Turns one piece of text into tokens. Implementations are thread-safe.</summary>
internal interface ITokenModel
{
    /// <returns>the tokens of the piece, in order</returns>
    /// <exception cref="ArgumentException">a character has no token and nothing to stand in for it</exception>
    IReadOnlyList<Symbol> Encode(string piece);
}
