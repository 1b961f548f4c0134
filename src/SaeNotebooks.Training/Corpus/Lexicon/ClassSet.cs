namespace SaeNotebooks.Training.Corpus;

/// <summary>Noun classes that a verb or an adjective allows; <c>*</c> stands for every concrete class.</summary>
public sealed class ClassSet
{
    private readonly HashSet<string> classes;
    private readonly bool concrete;

    internal ClassSet(string cell)
    {
        classes = [.. cell.Split((char[])[' ', ';'], StringSplitOptions.RemoveEmptyEntries)];
        concrete = classes.Remove("*");
    }

    /// <summary>Whether nouns of this class are allowed.</summary>
    public bool Allows(string nounClass) => classes.Contains(nounClass) || (concrete && nounClass is not ("abstract" or "event"));

    /// <summary>Whether the class itself is listed, not only covered by <c>*</c>.</summary>
    public bool Names(string nounClass) => classes.Contains(nounClass);
}
