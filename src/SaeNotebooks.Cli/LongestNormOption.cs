using System.CommandLine;
using SaeNotebooks.Models;

namespace SaeNotebooks.Cli;

/// <summary>The option for <see cref="TokenPolicy.LongestNorm"/>.</summary>
internal static class LongestNormOption
{
    /// <summary>Not given, no activation is too long.</summary>
    public static Option<double?> Create()
    {
        var option = new Option<double?>("--longest-norm") { Description = "leave out activations longer than so many times the median" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && double.TryParse(token.Value, out var times) && !(times > 0)) result.AddError($"--longest-norm is {times}; it must be above 0.");
        });
        return option;
    }
}
