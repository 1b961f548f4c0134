using System.Text.RegularExpressions;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;

namespace SaeNotebooks.Saes.Formats;

/// <summary>Hooks and models as files and paths name them, and what to do where they do not.</summary>
internal static class SaeFacts
{
    /// <summary>The hook that an SAE reads: as the options say, or the files, or the options for the case that neither does.</summary>
    /// <param name="options">the options</param>
    /// <param name="file">for messages</param>
    /// <param name="said">TransformerLens's name as the files give it, or null</param>
    /// <exception cref="CheckpointException">nobody knows, or the files name a hook that models here do not have</exception>
    public static HookName Hook(this SaeOptions options, string file, string? said)
    {
        if (options.Hook is { } given) return given;
        if (HookName.TryParse(said, out var hook)) return hook;
        if (options.HookIfUnknown is { } fallback) return fallback;
        if (said is null) throw new CheckpointException(file, "hook", "neither the files nor their path say which hook the SAE reads; give it (Hook, or --hook)");
        try { return HookName.Parse(said); }
        catch (FormatException e) { throw new CheckpointException(file, "hook", $"{e.Message} Give the hook that is meant (Hook, or --hook)", e); }
    }

    /// <summary>The hook that a transcoder predicts, or null if nobody says or models here do not have it.</summary>
    public static HookName? OutputHook(this SaeOptions options, string? said) =>
        options.OutputHook ?? (HookName.TryParse(said, out var hook) ? hook : (HookName?)null);

    /// <summary>The model: as the options say, or the files, or <see cref="SaeConfig.UnknownModel"/>.</summary>
    public static string ModelName(this SaeOptions options, string? said) => options.Model ?? said ?? SaeConfig.UnknownModel;

    /// <summary>The first number after a word in a path, such as the layer in <c>layer_12</c>; null if there is none.</summary>
    public static int? NumberAfter(string path, string word) =>
        Regex.Match(path, $@"{Regex.Escape(word)}(\d{{1,4}})(?!\d)", RegexOptions.IgnoreCase | RegexOptions.RightToLeft) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : null;
}
