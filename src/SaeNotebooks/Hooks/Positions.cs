namespace SaeNotebooks.Hooks;

/// <summary>Where a token stands in its own prompt; padding is not counted.</summary>
/// <param name="Index">0 for the prompt's first token, rising through the generated ones</param>
/// <param name="PromptLength">tokens in the prompt; generated ones have <c>Index >= PromptLength</c></param>
/// <param name="IsBos">whether it is the beginning-of-sequence token</param>
/// <param name="IsNewest">whether it is the last token of the pass that runs: the one after which a token is chosen</param>
public readonly record struct TokenPlace(int Index, int PromptLength, bool IsBos, bool IsNewest = false);

/// <summary>The positions at which an edit applies. Padding is never edited.</summary>
public abstract record Positions
{
    private protected Positions() { }

    /// <summary>Every token, BOS included, of the prompt and of what is generated.</summary>
    public static Positions All { get; } = new Where("all", _ => true);

    /// <summary>Every token except BOS, which carries outsized activations in many models.</summary>
    public static Positions AllButBos { get; } = new Where("all but BOS", place => !place.IsBos);

    /// <summary>Every token except the first of the prompt, whether or not the model calls it BOS.</summary>
    public static Positions AllButFirst { get; } = new Where("all but the first", place => place.Index > 0);

    /// <summary>The prompt's tokens, none of the generated ones.</summary>
    public static Positions Prompt { get; } = new Where("prompt", place => place.Index < place.PromptLength);

    /// <summary>The generated tokens, none of the prompt's.</summary>
    public static Positions Generated { get; } = new Where("generated", place => place.Index >= place.PromptLength);

    /// <summary>The prompt's last token only: where the first new token is decided.</summary>
    public static Positions Last { get; } = new Where("last of the prompt", place => place.Index == place.PromptLength - 1);

    /// <summary>The prompt's last token and every generated one: each place where a new token is decided.</summary>
    public static Positions LastAndGenerated { get; } =
        new Where("last of the prompt, and generated", place => place.Index >= place.PromptLength - 1);

    /// <summary>The last token of every pass, as a hook sees it that edits <c>[:, -1]</c>. With cached keys and values this is the same as
    /// <see cref="LastAndGenerated"/>. Where every pass computes the whole text again
    /// (<see cref="Generation.Decoding.Recomputed"/>) it is not: earlier tokens then lose their edit.</summary>
    public static Positions Newest { get; } = new Where("newest of each pass", place => place.IsNewest);

    /// <summary>Where both apply: <c>Positions.Prompt &amp; Positions.AllButBos</c>.</summary>
    public static Positions operator &(Positions left, Positions right) => new Both(left, right);

    /// <summary>Given tokens of the prompt, counted from 0, or from −1 backwards from its end.</summary>
    public static Positions At(params int[] indices) => new Listed([.. indices]);

    /// <summary>Whether the edit applies to this token.</summary>
    public abstract bool Selects(TokenPlace place);

    /// <exception cref="ArgumentOutOfRangeException">a listed position lies outside of the prompt</exception>
    internal virtual void RequireInside(int promptLength) { }

    private sealed record Where(string Name, Func<TokenPlace, bool> Rule) : Positions
    {
        public override bool Selects(TokenPlace place) => Rule(place);
        public override string ToString() => Name;
    }

    private sealed record Both(Positions Left, Positions Right) : Positions
    {
        public override bool Selects(TokenPlace place) => Left.Selects(place) && Right.Selects(place);

        internal override void RequireInside(int promptLength)
        {
            Left.RequireInside(promptLength);
            Right.RequireInside(promptLength);
        }

        public override string ToString() => $"{Left} & {Right}";
    }

    private sealed record Listed(IReadOnlyList<int> Indices) : Positions
    {
        public override bool Selects(TokenPlace place) => Indices.Contains(place.Index)
            || (place.Index < place.PromptLength && Indices.Contains(place.Index - place.PromptLength));

        internal override void RequireInside(int promptLength)
        {
            foreach (var index in Indices)
                if (index < -promptLength || index >= promptLength)
                    throw new ArgumentOutOfRangeException(nameof(Indices), index,
                        $"Position {index} lies outside of a prompt of {promptLength} tokens.");
        }

        public override string ToString() => string.Join(", ", Indices);
    }
}
