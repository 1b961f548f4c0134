namespace SaeNotebooks.Translation.Measures.Tokenizers;

/// <summary>How BLEU divides a segment into tokens. Names and results are sacreBLEU's. Immutable.</summary>
public abstract class SegmentTokenizer
{
    /// <summary>The environment variable that names the SentencePiece model of <see cref="Flores200"/>.</summary>
    public const string Flores200Variable = "SAENOTEBOOKS_FLORES200_SPM";

    private const string Flores200Name = "flores200";

    /// <summary>As sacreBLEU and its signature call it: <c>13a</c>, <c>intl</c>, <c>zh</c>, <c>char</c>, <c>none</c>, <c>flores200</c>.</summary>
    public abstract string Name { get; }

    /// <summary>mteval-v13a's rules, the default for languages with spaces.</summary>
    public static SegmentTokenizer V13a { get; } = new Tokenizer13a();

    /// <summary>mteval-v14's international rules: punctuation and symbols by Unicode category.</summary>
    public static SegmentTokenizer International { get; } = new InternationalTokenizer();

    /// <summary>Every Chinese character alone, the rest by the rules of 13a.</summary>
    public static SegmentTokenizer Chinese { get; } = new ChineseTokenizer();

    /// <summary>Every code point alone.</summary>
    public static SegmentTokenizer Characters { get; } = new CharacterTokenizer();

    /// <summary>Divided at white space only.</summary>
    public static SegmentTokenizer None { get; } = new PlainTokenizer();

    /// <summary>The pieces of the SentencePiece model of FLORES-200 (NLLB Team 2022), which divides any language. The model is not part of this repository: sacreBLEU downloads it as
    /// <c>flores200_sacrebleu_tokenizer_spm.model</c>.</summary>
    /// <param name="file">the model; by default the file that <see cref="Flores200Variable"/> names</param>
    /// <exception cref="ArgumentException">no file is named</exception>
    /// <exception cref="Checkpoints.CheckpointException">the file is missing, damaged, or no SentencePiece model</exception>
    public static SegmentTokenizer Flores200(string? file = null) => new SentencePieceTokenizer(Flores200Name, file ?? Environment.GetEnvironmentVariable(Flores200Variable)
        ?? throw new ArgumentException($"The tokenizer flores200 needs its SentencePiece model, flores200_sacrebleu_tokenizer_spm.model of sacreBLEU; name the file in {Flores200Variable}.", nameof(file)));

    /// <summary>All that need no file.</summary>
    public static IReadOnlyList<SegmentTokenizer> All { get; } = [V13a, International, Chinese, Characters, None];

    /// <summary>
    /// The one for a target language: <c>zh</c> for Chinese, <c>char</c> for Japanese, <c>13a</c> for the others. sacreBLEU itself chooses
    /// ja-mecab and ko-mecab for Japanese and Korean, which need the dictionaries of MeCab; its <c>char</c> needs none.
    /// </summary>
    /// <param name="language">code of the target language, such as <c>zh</c></param>
    public static SegmentTokenizer For(string language) => language switch { "zh" => Chinese, "ja" => Characters, _ => V13a };

    /// <summary>The tokenizer of a name.</summary>
    /// <exception cref="ArgumentException">there is none, and the message lists them; or it is <c>flores200</c> and <see cref="Flores200Variable"/> names no file</exception>
    public static SegmentTokenizer Named(string name) => name == Flores200Name ? Flores200() : All.FirstOrDefault(t => t.Name == name)
        ?? throw new ArgumentException($"There is no tokenizer '{name}'; there are {string.Join(", ", All.Select(t => t.Name))}, {Flores200Name}.", nameof(name));

    /// <summary>The tokens of a segment, in order.</summary>
    public IReadOnlyList<string> Tokenize(string segment) => PythonText.Words(Separate(PythonText.TrimEnd(segment)));

    /// <summary>The segment with white space between its tokens.</summary>
    private protected abstract string Separate(string segment);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
