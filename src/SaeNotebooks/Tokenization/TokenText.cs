namespace SaeNotebooks.Tokenization;

/// <summary>How a token is shown when nobody knows its text.</summary>
internal static class TokenText
{
    public static string Unknown(int id) => $"‹{id}›";
}
