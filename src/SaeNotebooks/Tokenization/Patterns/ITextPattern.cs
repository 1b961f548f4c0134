namespace SaeNotebooks.Tokenization.Patterns;

/// <summary>Something to look for in a text.</summary>
internal interface ITextPattern
{
    /// <returns>start and length of each match, none of them empty, from left to right and apart</returns>
    IEnumerable<(int Start, int Length)> Matches(string text);
}
