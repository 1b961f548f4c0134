namespace SaeNotebooks.Training.Corpus;

/// <summary>When a clause holds: now or in general, before now, after now.</summary>
public enum Tense
{
    /// <summary>Now, or in general.</summary>
    Present,
    /// <summary>Before now.</summary>
    Past,
    /// <summary>After now.</summary>
    Future,
}

/// <summary>One or several.</summary>
public enum Number
{
    /// <summary>One, or a mass.</summary>
    Singular,
    /// <summary>More than one.</summary>
    Plural,
}

/// <summary>Natural gender of a person, or grammatical gender of a word.</summary>
public enum Gender
{
    /// <summary>Masculine.</summary>
    Masculine,
    /// <summary>Feminine.</summary>
    Feminine,
    /// <summary>Neuter: German only.</summary>
    Neuter,
}

/// <summary>What stands before a noun.</summary>
public enum Determiner
{
    /// <summary>the</summary>
    Definite,
    /// <summary>a, or nothing in the plural and before a mass</summary>
    Indefinite,
    /// <summary>this, these</summary>
    This,
    /// <summary>that, those</summary>
    That,
    /// <summary>my</summary>
    My,
    /// <summary>his</summary>
    His,
    /// <summary>her</summary>
    Her,
    /// <summary>our</summary>
    Our,
    /// <summary>their</summary>
    Their,
    /// <summary>2</summary>
    Two,
    /// <summary>3</summary>
    Three,
    /// <summary>4</summary>
    Four,
    /// <summary>5</summary>
    Five,
    /// <summary>many</summary>
    Many,
    /// <summary>all the</summary>
    All,
}

/// <summary>A modal verb that governs the verb of its clause.</summary>
public enum Modal
{
    /// <summary>can</summary>
    Can,
    /// <summary>must</summary>
    Must,
    /// <summary>want to</summary>
    Want,
}

/// <summary>What a sentence does; a wh-question leaves out the phrase that it asks for.</summary>
public enum Mood
{
    /// <summary>States something.</summary>
    Statement,
    /// <summary>Asks whether.</summary>
    YesNo,
    /// <summary>Asks for the subject, a person.</summary>
    AskSubject,
    /// <summary>Asks for the object.</summary>
    AskObject,
    /// <summary>Asks for the place.</summary>
    AskPlace,
    /// <summary>Asks for the time.</summary>
    AskTime,
}

/// <summary>How often something happens.</summary>
public enum Frequency
{
    /// <summary>always</summary>
    Always,
    /// <summary>often</summary>
    Often,
    /// <summary>sometimes</summary>
    Sometimes,
    /// <summary>never</summary>
    Never,
}

/// <summary>How two clauses are joined.</summary>
public enum Conjunction
{
    /// <summary>and</summary>
    And,
    /// <summary>but</summary>
    But,
    /// <summary>because</summary>
    Because,
    /// <summary>when</summary>
    When,
    /// <summary>even though</summary>
    Although,
    /// <summary>before doing; both clauses have one subject</summary>
    Before,
    /// <summary>after doing; both clauses have one subject</summary>
    After,
}

/// <summary>Where something is, relative to a ground.</summary>
public enum Preposition
{
    /// <summary>The ordinary preposition of the ground itself: at the market, in the garden, on the beach.</summary>
    At,
    /// <summary>in</summary>
    In,
    /// <summary>on</summary>
    On,
    /// <summary>under</summary>
    Under,
    /// <summary>behind</summary>
    Behind,
    /// <summary>near</summary>
    Near,
    /// <summary>next to</summary>
    NextTo,
    /// <summary>in front of</summary>
    InFrontOf,
}

/// <summary>Facts about determiners that hold in every language.</summary>
public static class Determiners
{
    /// <summary>my, his, her, our, their</summary>
    public static bool IsPossessive(this Determiner determiner) => determiner is >= Determiner.My and <= Determiner.Their;

    /// <summary>two to five, many: they say how many without saying which.</summary>
    public static bool IsQuantity(this Determiner determiner) => determiner is >= Determiner.Two and <= Determiner.Many;

    /// <summary>Determiners that need a plural noun.</summary>
    public static bool NeedsPlural(this Determiner determiner) => determiner >= Determiner.Two;

    /// <summary>Whether the phrase names something already known.</summary>
    public static bool IsKnown(this Determiner determiner) => determiner is not Determiner.Indefinite && !determiner.IsQuantity();
}
